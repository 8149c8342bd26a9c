package wire

import (
	"math"

	"github.com/aws/aws-sdk-go-v2/service/kinesis"
)

// decodePutCBOR fills out with the answer in body.
func decodePutCBOR(body []byte, out *kinesis.PutRecordsOutput) error {
	r := &cborReader{body: body}
	results := []putResult(nil)
	r.members(func(name []byte) {
		if r.isNull() {
			return
		}
		switch string(name) {
		case "FailedRecordCount":
			n := r.integer()
			if n < math.MinInt32 || n > math.MaxInt32 {
				r.fail()
			}
			count := int32(n)
			out.FailedRecordCount = &count
		case "EncryptionType":
			out.EncryptionType = encryptionOf(r.str(majorText))
		case "Records":
			results = []putResult{}
			r.elements(func() {
				results = append(results, putResult{})
				r.putResult(&results[len(results)-1])
			})
		default:
			r.skip(0)
		}
	})
	if r.err == nil && r.at != len(body) {
		r.fail()
	}
	if r.err == nil {
		out.Records = sdkResults(results)
	}
	return r.err
}

func (r *cborReader) putResult(to *putResult) {
	r.members(func(name []byte) {
		if r.isNull() {
			return
		}
		switch string(name) {
		case "SequenceNumber":
			to.sequence = some(r.str(majorText))
		case "ShardId":
			to.shard = some(r.str(majorText))
		case "ErrorCode":
			to.code = some(r.str(majorText))
		case "ErrorMessage":
			to.message = some(r.str(majorText))
		default:
			r.skip(0)
		}
	})
}
