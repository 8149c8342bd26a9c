package window

import (
	"fmt"
	"math"

	"github.com/kstream/kstream/pkg/record"
)

// named says what a value is, in the words of an error.
func named(v *record.Value) string {
	switch v.Kind {
	case record.False:
		return "false"
	case record.True:
		return "true"
	case record.Int, record.Float:
		return "a number"
	case record.String:
		return "a string"
	case record.List:
		return "a list"
	case record.Object:
		return "an object"
	case record.Time:
		return "a time"
	}
	return "nil"
}

// finite reports whether v is anything but an infinity or NaN. An infinity is what a document's 1e999 reads as, or what a
// stage has computed.
func finite(v *record.Value) bool {
	f, ok := v.Float()
	return !ok || !math.IsInf(f, 0) && !math.IsNaN(f)
}

// numbers returns what a function that computes accepts: finite numbers.
func numbers(function string) func(*Input) error {
	return func(in *Input) error {
		v := &in.Value
		switch {
		case v.Nil():
			return nil
		case v.Kind != record.Int && v.Kind != record.Float:
			return fmt.Errorf("%s needs a number, got %s", function, named(v))
		case !finite(v):
			return fmt.Errorf("%s needs a number, got one beyond the range of 64-bit floats", function)
		}
		return nil
	}
}

// anything returns what a function that keeps values accepts: all that can be written as JSON.
func anything(function string) func(*Input) error {
	return func(in *Input) error { return writable(function, &in.Value) }
}

// ordered returns what a function that compares accepts: values that have an order.
func ordered(function string) func(*Input) error {
	return func(in *Input) error { return hasOrder(function, &in.Value) }
}

func hasOrder(function string, v *record.Value) error {
	if v.Kind == record.List || v.Kind == record.Object {
		return fmt.Errorf("%s needs numbers, strings, times or booleans, which have an order, got %s", function, named(v))
	}
	return writable(function, v)
}

// writable lets an infinity pass that has digits: 1e999 goes out as it came. One that was computed has none.
func writable(function string, v *record.Value) error {
	if v.Kind == record.Float && len(v.Text) == 0 && !finite(v) {
		return fmt.Errorf("%s can't keep an infinity, or what is no number", function)
	}
	return nil
}
