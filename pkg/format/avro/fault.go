package avro

import (
	"errors"
	"fmt"
)

// SyntaxError says where a payload stops being what its schema describes. It never holds the payload.
type SyntaxError struct {
	Offset  int    // bytes from the payload's begin, or in an object container file from the block's
	Field   string // the way to it, by dots; empty where it is in no field
	Problem string
}

// Error returns the problem and its place.
func (e *SyntaxError) Error() string {
	if e.Field != "" {
		return fmt.Sprintf("the payload is not of the Avro schema: field %s: %s at byte %d", e.Field, e.Problem, e.Offset)
	}
	return fmt.Sprintf("the payload is not of the Avro schema: %s at byte %d", e.Problem, e.Offset)
}

// FieldError says which field of a record does not fit the schema. It never holds the field's text.
type FieldError struct {
	Field   string // the way to it, by dots; empty where it is the record itself
	Problem string
}

// Error returns the field and what is wrong with it.
func (e *FieldError) Error() string {
	if e.Field == "" {
		return "the record does not fit the Avro schema: it " + e.Problem
	}
	return fmt.Sprintf("the record does not fit the Avro schema: field %s %s", e.Field, e.Problem)
}

// maxWay is about how many bytes of the way to a field an error has: schemas may be recursive, and payloads deep.
const maxWay = 200

// within puts name before the way to what err is about.
func within(name string, err error) error {
	var s *SyntaxError
	var f *FieldError
	if errors.As(err, &s) {
		s.Field = way(name, s.Field)
	} else if errors.As(err, &f) {
		f.Field = way(name, f.Field)
	}
	return err
}

func way(name, below string) string {
	switch {
	case below == "":
		return name
	case len(below) > maxWay:
		return below
	}
	return name + "." + below
}
