package kinesis

import "errors"

// errBrokenAnswer is an answer that contradicts itself; KCL asks again with the same iterator, and so do we.
var errBrokenAnswer = errors.New("the service's answer contradicts itself")
