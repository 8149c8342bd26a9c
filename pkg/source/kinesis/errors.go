package kinesis

import (
	"errors"

	"github.com/kstream/kstream/pkg/awserror"
)

// class is what is to be done about an error.
type class = awserror.Class

const (
	transient = awserror.Transient
	throttled = awserror.Throttled
	stale     = awserror.Stale
	invalid   = awserror.Invalid
	denied    = awserror.Denied
	gone      = awserror.Gone
	unclear   = awserror.Unclear
	fatal     = awserror.Fatal
)

// errBrokenAnswer is an answer that contradicts itself; KCL asks again with the same iterator, and so do we.
var errBrokenAnswer = errors.New("the service's answer contradicts itself")

// classify sorts err, which is not nil and not the end of the caller's context.
func classify(err error) class { return awserror.Of(err) }
