package avro

import "fmt"

// kind is one of Avro's types.
type kind uint8

const (
	null kind = iota
	boolean
	integer
	long
	float
	double
	blob
	text
	enum
	fixed
	array
	mapping
	union
	object
)

var kindNames = [...]string{
	"null", "boolean", "int", "long", "float", "double", "bytes", "string", "enum", "fixed", "array", "map", "union", "record",
}

// String returns the type's name as schemas have it.
func (k kind) String() string { return kindNames[k] }

// logical is what a logical type makes of its underlying one. Those that are not here, as those that stand on a type they
// are not for, are ignored, which is what the specification asks for.
type logical uint8

const (
	plain logical = iota
	decimal
	bigDecimal
	date
	timeMillis
	timeMicros
	instantMillis
	instantMicros
	instantNanos
	localMillis
	localMicros
	localNanos
	uuid
	duration
)

// logicals says which logical types there are, and on which types.
var logicals = map[string]struct {
	is logical
	on []kind
}{
	"decimal":                {decimal, []kind{blob, fixed}},
	"big-decimal":            {bigDecimal, []kind{blob}},
	"date":                   {date, []kind{integer}},
	"time-millis":            {timeMillis, []kind{integer}},
	"time-micros":            {timeMicros, []kind{long}},
	"timestamp-millis":       {instantMillis, []kind{long}},
	"timestamp-micros":       {instantMicros, []kind{long}},
	"timestamp-nanos":        {instantNanos, []kind{long}},
	"local-timestamp-millis": {localMillis, []kind{long}},
	"local-timestamp-micros": {localMicros, []kind{long}},
	"local-timestamp-nanos":  {localNanos, []kind{long}},
	"uuid":                   {uuid, []kind{fixed}}, // on a string it is the text that it is
	"duration":               {duration, []kind{fixed}},
}

// node is a type of a schema, made ready for reading and writing. A recursive type's nodes make a ring.
type node struct {
	kind    kind
	logical logical
	// empty is set where every value takes no bytes at all, so that their count is not bounded by the payload's length.
	empty            bool
	size             int // of a fixed
	precision, scale int // of a decimal
	symbols          []symbol
	fields           []field
	index            map[string]int // of fields or symbols, by name
	items            *node          // of an array or map
	branches         []*node
	optional         int    // the branch that is not null, of a union of just that and null; else -1
	name             string // of a record, enum or fixed
}

type symbol struct {
	text   []byte
	quoted []byte // as JSON
}

type field struct {
	name string
	// key is the bracket or comma, the name in JSON and the colon.
	key  []byte
	node *node
	// missing is what stands in a payload for a field that a record does not have: its default, or null where the type
	// allows it. nil where the field must be there.
	missing []byte
}

// hasFields reports whether values of the type are JSON objects, some of them at least.
func (n *node) hasFields() bool {
	for _, b := range n.branches {
		if b.hasFields() {
			return true
		}
	}
	return n.kind == object || n.kind == mapping
}

// what names the type to a user.
func (n *node) what() string {
	for name, l := range logicals {
		if n.logical != plain && l.is == n.logical {
			return name
		}
	}
	if n.name != "" {
		return fmt.Sprintf("%s %s", n.kind, n.name)
	}
	return n.kind.String()
}
