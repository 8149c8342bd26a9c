package expression

import (
	"strings"

	"github.com/kstream/kstream/pkg/record"
)

// Types is a set of what a value can be, as far as the chain's text says.
type Types uint8

// The types. A field can be Any.
const (
	Nil Types = 1 << iota
	Bool
	Number
	String
	List
	Object
	Time

	Any = Nil | Bool | Number | String | List | Object | Time
)

// Has reports whether t and u have a type in common.
func (t Types) Has(u Types) bool { return t&u != 0 }

// String returns the set as people read it: "a number or a string".
func (t Types) String() string {
	var names []string
	for i, name := range []string{"nil", "true or false", "a number", "a string", "a list", "an object", "a time"} {
		if t.Has(1 << i) {
			names = append(names, name)
		}
	}
	return strings.Join(names, " or ")
}

// TypeOf returns v's type.
func TypeOf(v *record.Value) Types {
	switch v.Kind {
	case record.Missing, record.Null:
		return Nil
	case record.False, record.True:
		return Bool
	case record.Int, record.Float:
		return Number
	case record.String:
		return String
	case record.List:
		return List
	case record.Object:
		return Object
	default:
		return Time
	}
}

// Describe names v's type for an error message: "a string". It never shows the value, which is the payload's.
func Describe(v *record.Value) string { return TypeOf(v).String() }
