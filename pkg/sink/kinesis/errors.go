package kinesis

import (
	"errors"

	"github.com/kstream/kstream/pkg/awserror"
)

// errBrokenAnswer is an answer that does not say what became of every record. Each may have been taken or not.
var errBrokenAnswer = errors.New("the service's answer leaves out what became of records")

// classify sorts err, which is not nil and not the end of the caller's context. There is one way only to say what is
// written: an argument that the service does not like is fatal.
func classify(err error) awserror.Class {
	if c := awserror.Of(err); c != awserror.Invalid {
		return c
	}
	return awserror.Fatal
}

// refusal is why the service did not take a record of a request that it took otherwise.
type refusal struct{ code, message string }

func (r *refusal) Error() string { return r.code + ": " + r.message }

// explain words an error that ends the run.
func explain(c awserror.Class, operation, stream string, err error) error {
	return awserror.Explain(c, stream, operation, "policy, encryption key and credentials (writing needs kinesis:PutRecords and "+
		"kinesis:DescribeStreamSummary, and with SINK_AGGREGATE kinesis:ListShards)", err)
}
