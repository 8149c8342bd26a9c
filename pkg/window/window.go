// Package window holds what windows of event time are made of: which windows a time falls into, and the aggregate functions
// that are computed over one. It is pure: no clock, no I/O, nothing shared.
//
// One rule holds for every function: the same set of inputs gives the same bytes as its result, in whatever order they came,
// however they were split and merged, and however often their state was saved and loaded between. That is why integers are
// summed in 128 bits and floats exactly, and why first and last go by position. Only top_k may differ, within its stated error,
// once it has seen more values than it can hold.
package window
