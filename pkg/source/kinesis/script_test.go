package kinesis

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/aws/smithy-go"

	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/source/sourcetest"
)

// scripted is a client that answers what a server of its own mind might: one stream of one shard.
type scripted struct {
	answers []any // of GetRecords, in order: an error or an output; the last one again and again
	asked   []string
	shards  []types.Shard
	filters []*types.ShardFilter
}

const scriptedARN = "arn:aws:kinesis:us-east-1:123456789012:stream/logs"

func (s *scripted) DescribeStreamSummary(context.Context, *kinesis.DescribeStreamSummaryInput, ...func(*kinesis.Options)) (*kinesis.DescribeStreamSummaryOutput, error) {
	return &kinesis.DescribeStreamSummaryOutput{StreamDescriptionSummary: &types.StreamDescriptionSummary{
		StreamARN: aws.String(scriptedARN), RetentionPeriodHours: aws.Int32(24)}}, nil
}

func (s *scripted) ListShards(_ context.Context, in *kinesis.ListShardsInput, _ ...func(*kinesis.Options)) (*kinesis.ListShardsOutput, error) {
	s.filters = append(s.filters, in.ShardFilter)
	return &kinesis.ListShardsOutput{Shards: s.shards}, nil
}

func (s *scripted) GetShardIterator(context.Context, *kinesis.GetShardIteratorInput, ...func(*kinesis.Options)) (*kinesis.GetShardIteratorOutput, error) {
	return &kinesis.GetShardIteratorOutput{ShardIterator: aws.String("made")}, nil
}

func (s *scripted) GetRecords(_ context.Context, in *kinesis.GetRecordsInput, _ ...func(*kinesis.Options)) (*kinesis.GetRecordsOutput, error) {
	s.asked = append(s.asked, *in.ShardIterator)
	answer := s.answers[0]
	if len(s.answers) > 1 {
		s.answers = s.answers[1:]
	}
	if err, ok := answer.(error); ok {
		return nil, err
	}
	return answer.(*kinesis.GetRecordsOutput), nil
}

func answer(next string, behind int64, sequences ...string) *kinesis.GetRecordsOutput {
	out := &kinesis.GetRecordsOutput{MillisBehindLatest: &behind, Records: []types.Record{}}
	if next != "" {
		out.NextShardIterator = &next
	}
	for _, s := range sequences {
		out.Records = append(out.Records, types.Record{SequenceNumber: &s, PartitionKey: aws.String("k"), Data: []byte("x"),
			ApproximateArrivalTimestamp: aws.Time(time.Now())})
	}
	return out
}

// inScript runs test in a bubble over a client that gives these answers.
func inScript(t *testing.T, answers []any, test func(t *testing.T, s *scripted, j *sourcetest.Job)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &scripted{answers: answers, shards: []types.Shard{{ShardId: aws.String("s")}}}
		source, err := New(Config{Streams: []Stream{{Name: scriptedARN, Client: s}}})
		if err != nil {
			t.Fatal(err)
		}
		test(t, s, sourcetest.Start(t, source, record.Position{}, nil))
	})
}

func read(t *testing.T, j *sourcetest.Job) *record.Page {
	t.Helper()
	page := record.NewPage(nil)
	if err := j.ReadPage(t.Context(), scriptedARN+"/s", page); err != nil {
		t.Fatal(err)
	}
	return page
}

// TestFullPageIsNotTheTip does not believe a server that always says that nothing more is there.
func TestFullPageIsNotTheTip(t *testing.T) {
	full := make([]string, firstLimit)
	for i := range full {
		full[i] = "7"
	}
	inScript(t, []any{answer("next", 0, full...), answer("next", 0, "8"), answer("next", 5, "9")}, func(t *testing.T, _ *scripted, j *sourcetest.Job) {
		for i, want := range []bool{false, true, false} {
			if page := read(t, j); page.Tip != want {
				t.Errorf("page %d: tip %t, want %t", i, page.Tip, want)
			}
		}
	})
}

// TestSequenceWithoutZeros takes the zeros off that some servers put in front, so that sequences compare as numbers.
func TestSequenceWithoutZeros(t *testing.T) {
	inScript(t, []any{answer("next", 0, "000042")}, func(t *testing.T, _ *scripted, j *sourcetest.Job) {
		if page := read(t, j); string(page.Records[0].Sequence) != "42" || page.End.Sequence != "42" {
			t.Errorf("sequence %q, end %s", page.Records[0].Sequence, page.End)
		}
	})
}

// TestIteratorsFollowEachOther reads on with the iterator that came, and with a new one where it is refused.
func TestIteratorsFollowEachOther(t *testing.T) {
	refused := &types.ExpiredIteratorException{}
	odd := answer("next", 0)
	odd.ChildShards = []types.ChildShard{{ShardId: aws.String("c"), ParentShards: []string{"s"}}}
	script := []any{answer("one", 1, "1"), refused, answer("two", 1, "1", "2"), odd, answer("three", 1, "3"),
		&smithy.GenericAPIError{Code: "InternalFailure"}, answer("four", 0)}
	inScript(t, script, func(t *testing.T, s *scripted, j *sourcetest.Job) {
		for range 4 {
			read(t, j)
		}
		want := []string{"made", "one", "made", "two", "two", "three", "three"}
		if got := s.asked; len(got) != len(want) {
			t.Fatalf("asked with %q, want %q", got, want)
		}
		for i := range want {
			if s.asked[i] != want[i] {
				t.Errorf("call %d asks with %q, want %q", i, s.asked[i], want[i])
			}
		}
		if len(j.Got) != 3 {
			t.Errorf("read %d records", len(j.Got))
		}
	})
}

// TestListedChildren takes the children from a listing where the last answer names none, and has come often enough: from
// servers that end a shard with its last records, and from those that do so behind them.
func TestListedChildren(t *testing.T) {
	again, end := answer("next", 0, "1"), answer("", 0)
	for name, script := range map[string][]any{
		"with its last records": {answer("", 0, "1")},
		"behind them":           {again, end, again, end, again, end, again},
	} {
		inScript(t, script, func(t *testing.T, s *scripted, j *sourcetest.Job) {
			s.shards[0].SequenceNumberRange = &types.SequenceNumberRange{EndingSequenceNumber: aws.String("9")}
			s.shards = append(s.shards, types.Shard{ShardId: aws.String("child"), ParentShardId: aws.String("other"), AdjacentParentShardId: aws.String("s")},
				types.Shard{ShardId: aws.String("stranger"), ParentShardId: aws.String("other")})
			page := read(t, j)
			for tries := 0; page.End.Where != record.Ended && tries < 10; tries++ {
				page = read(t, j)
			}
			if len(j.Got) != 1 || len(page.Children) != 1 || page.Children[0].Shard != "child" || len(page.Children[0].Parents) != 2 {
				t.Errorf("%s: %d records read, the last page ends %s, children %+v", name, len(j.Got), page.End, page.Children)
			}
			if n := len(s.asked); n < sureEndings {
				t.Errorf("%s: ended behind %d calls", name, n)
			}
		})
	}
}

// TestTimeAheadOfTheService asks for no shards of a time that the service may not have reached.
func TestTimeAheadOfTheService(t *testing.T) {
	inScript(t, []any{answer("next", 0)}, func(t *testing.T, s *scripted, _ *sourcetest.Job) {
		source, err := New(Config{Streams: []Stream{{Name: scriptedARN, Client: s}}})
		if err != nil {
			t.Fatal(err)
		}
		sourcetest.Start(t, source, record.Position{Where: record.AtTime, Time: record.MillisOf(time.Now().Add(time.Hour))}, nil)
		asked := false
		for _, f := range s.filters {
			if f != nil {
				asked = true
				if f.Timestamp.After(time.Now()) {
					t.Errorf("asked for %v, an hour or so to come", f.Timestamp)
				}
			}
		}
		if !asked {
			t.Error("never asked by time")
		}
	})
}

// TestJudge is the table of what counts as lost. Times are in hours of service's time, the retention is 24.
func TestJudge(t *testing.T) {
	const now = 100
	hour := func(h float64) record.Millis { return record.Millis(h * 3600_000) }
	at := func(sequence record.Sequence, h float64) first {
		return first{present: true, sequence: sequence, arrival: hour(h)}
	}
	tests := []struct {
		name      string
		resumed   bool
		saved     record.Sequence
		handledTo float64
		first     first
		to        float64
		tip       bool
		lost      float64 // -1: nothing is said
		again     bool    // it waits for another answer
	}{
		{"the saved record is back", true, "5", 90, at("5", 90), 99, false, -1, false},
		{"the saved record is back, at the edge of what is kept", true, "5", 75.9, at("5", 76), 99, false, -1, false},
		{"it is not back: what was handled is younger than the horizon", true, "5", 90, at("6", 95), 99, false, -1, false},
		{"it is not back, and the horizon has passed", true, "5", 70, at("6", 80), 99, false, 6, false},
		{"it is not back, the first record is older than the horizon", true, "5", 70, at("6", 75), 99, false, 5, false},
		{"it is not back, nobody knows how far the job was", true, "5", 0, at("6", 80), 99, false, 0, false},
		{"no answer yet", true, "5", 70, first{}, 80, false, -1, true},
		{"the tip without a record", true, "5", 70, first{}, 100, true, 6, false},
		{"the tip without a record, handled lately", true, "5", 99, first{}, 100, true, -1, false},
		{"never read a record, and late", true, "", 70, at("6", 80), 99, false, 6, false},
		{"never read a record, and what is there is older", true, "", 70, at("6", 75), 99, false, -1, false},
		{"a first start", true, "", 0, at("6", 80), 99, false, -1, false},
		{"running, far behind, without a gap", false, "", 70, at("6", 75), 76, false, -1, false},
		{"running, overtaken", false, "", 70, at("6", 77), 78, false, 6, false},
		{"running, overtaken, no record yet", false, "", 70, first{}, 75, false, 5, false},
		{"running, in time", false, "", 90, at("6", 91), 92, false, -1, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var seen counts
				source, err := New(Config{Streams: []Stream{{Name: logs}}, Observer: &seen})
				if err != nil {
					t.Fatal(err)
				}
				st := source.streams[0]
				st.retention = 24 * time.Hour
				zero := record.MillisOf(time.Now()) - hour(now)
				shift := func(m record.Millis) record.Millis {
					if m == 0 {
						return 0
					}
					return m + zero
				}
				tt.first.arrival = shift(tt.first.arrival)
				r := &reader{stream: st, shard: "s", resumed: tt.resumed, saved: tt.saved, handledTo: shift(hour(tt.handledTo))}
				r.judge(tt.first, shift(hour(tt.to)), tt.tip)
				got, said := seen.trimmed["s"]
				if said != (tt.lost >= 0) || said && got != time.Duration(tt.lost*float64(time.Hour)) {
					t.Errorf("%v lost, said: %t; want %v hours", got, said, tt.lost)
				}
				if r.resumed != tt.again {
					t.Errorf("waits for another answer: %t", r.resumed)
				}
			})
		})
	}
}
