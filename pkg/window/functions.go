package window

// functions is the table that the language knows, sorted by name.
var functions = []*Function{
	countFunction,
	maxFunction,
	minFunction,
	sumFunction,
}
