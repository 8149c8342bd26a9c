package format

import "fmt"

// PayloadError says where a payload stops being of its format, or what is in it that can't be said otherwise. It never holds the
// payload.
type PayloadError struct {
	Format  string // CBOR, a DynamoDB change record
	Offset  int    // bytes from the payload's begin, unpacked where it was packed
	Problem string
}

// Error returns the problem and its place.
func (e *PayloadError) Error() string {
	return fmt.Sprintf("the payload is not %s: %s at byte %d", e.Format, e.Problem, e.Offset)
}
