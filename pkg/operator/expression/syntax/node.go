package syntax

// Node is a part of a tree: one of the types of this file. Trees are never changed, and a node may stand in a tree twice:
// in 1 < x < 3, which is 1 < x && x < 3, so does x.
type Node interface {
	// Place is what a caret goes under: for an operator the operator itself, for a call the function's name.
	Place() Span
	// text appends the node as Text writes it.
	text(dst []byte) []byte
}

type (
	// Nil is nil.
	Nil struct{ Span }

	// Bool is true or false.
	Bool struct {
		Span
		Value bool
	}

	// Int is a whole number. It is never negative: -1 is Unary.
	Int struct {
		Span
		Value int64
	}

	// Float is a number with a point or an exponent. It is finite.
	Float struct {
		Span
		Value float64
	}

	// String is a text, without its quotes and escapes. It is UTF-8.
	String struct {
		Span
		Value string
	}

	// Name is a name alone, which is no function's: a field, this, meta, a let.
	Name struct {
		Span
		Value string
	}

	// Element is what a predicate is evaluated for: # and . (an empty Name), #index, #acc.
	Element struct {
		Span
		Name string
	}

	// Member is Of.name, Of["name"] or Of[index]. Its place is the name behind the dot, or the bracket.
	Member struct {
		Span
		Of       Node
		Property Node // a *String behind a dot
		Bracket  bool // it is written in brackets
		Optional bool // it is written with ?.
	}

	// Slice is Of[From:To]. Either bound may be nil.
	Slice struct {
		Span
		Of       Node
		From, To Node
	}

	// Unary is a sign or a negation: one of - + ! not.
	Unary struct {
		Span
		Op string
		Of Node
	}

	// Binary is an operator between two values, as it is written; a not b in c is Unary.
	Binary struct {
		Span
		Op          string
		Left, Right Node
	}

	// Conditional is If ? Then : Else, or the same in words. In If ?: Else Then is the node If.
	Conditional struct {
		Span
		If, Then, Else Node
		Words          bool // it is written if … { … } else { … }
	}

	// Call is a function by name. The value on the left of a pipe is its first argument; a predicate's second is evaluated for
	// each element.
	Call struct {
		Span
		Name string
		Args []Node
	}

	// Let gives Value a name in Rest.
	Let struct {
		Span
		Name        string
		Value, Rest Node
	}

	// List is [a, b].
	List struct {
		Span
		Of []Node
	}

	// Object is {name: value}.
	Object struct {
		Span
		Pairs []Pair
	}

	// Pair is a member of an Object. Key is a *String unless it stands in brackets.
	Pair struct{ Key, Value Node }
)
