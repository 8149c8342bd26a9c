package kinesis

import (
	"errors"
	"fmt"

	"github.com/kstream/kstream/pkg/awserror"
)

// class is what is to be done about an error, of a call or of one record of it. Of several the highest decides.
type class = awserror.Class

const (
	transient = awserror.Transient
	throttled = awserror.Throttled
	stale     = awserror.Stale
	denied    = awserror.Denied
	gone      = awserror.Gone
	unclear   = awserror.Unclear
	fatal     = awserror.Fatal
)

// errBrokenAnswer is an answer that does not say what became of every record. Each may have been taken or not.
var errBrokenAnswer = errors.New("the service's answer leaves out what became of records")

// classify sorts err, which is not nil and not the end of the caller's context. There is one way only to say what is
// written: an argument that the service does not like is fatal.
func classify(err error) class {
	if c := awserror.Of(err); c != awserror.Invalid {
		return c
	}
	return fatal
}

// refusal is why the service did not take a record of a request that it took otherwise.
type refusal struct{ code, message string }

func (r *refusal) Error() string { return r.code + ": " + r.message }

// explain words an error that ends the run.
func explain(c class, operation, stream string, err error) error {
	switch c {
	case denied:
		return fmt.Errorf("stream %s: not allowed to call kinesis:%s, tried for %v: check policy, encryption key and credentials (writing needs "+
			"kinesis:PutRecords and kinesis:DescribeStreamSummary, and with SINK_AGGREGATE kinesis:ListShards): %w", stream, operation, patience, err)
	case unclear:
		return fmt.Errorf("stream %s: calling kinesis:%s, tried for %v: %w", stream, operation, patience, err)
	case gone:
		return fmt.Errorf("stream %s: not found, tried for %v: was it deleted? Else check its name, region and account: %w", stream, patience, err)
	}
	return fmt.Errorf("stream %s: calling kinesis:%s: %w", stream, operation, err)
}
