package kinesis

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/kstream/kstream/pkg/awserror"
)

// Each record's own answer counts: servers are known to miscount in FailedRecordCount.
func TestSort(t *testing.T) {
	in := types.PutRecordsResultEntry{ShardId: aws.String("s"), SequenceNumber: aws.String("1")}
	refused := types.PutRecordsResultEntry{ErrorCode: aws.String("ProvisionedThroughputExceededException"), ErrorMessage: aws.String("slow down")}
	nothing := types.PutRecordsResultEntry{}
	answers := []types.PutRecordsResultEntry{in, refused, nothing, in}
	r := &result{request: []*entry{{}, {}, {}, {}}, failed: make([]bool, len(answers)), shards: make([]string, len(answers))}
	for i := range answers {
		r.sort(i, &answers[i])
	}
	if !slices.Equal(r.failed, []bool{false, true, true, false}) || r.refused != 2 || r.class != awserror.Throttled || r.err == nil {
		t.Errorf("failed %v, refused %d, class %d, %v; want the second and third, throttled", r.failed, r.refused, r.class, r.err)
	}
	if want := []string{"s", "", "", "s"}; !slices.Equal(r.shards, want) {
		t.Errorf("they are in shards %q, want %q", r.shards, want)
	}
}
