package syntax

// order is how tightly an operator binds, and to which side: a - b - c is (a - b) - c, a ** b ** c is a ** (b ** c).
type order struct {
	precedence int
	right      bool
}

// operators are those that stand between two values.
var operators = map[string]order{
	"|":  {precedence: 0},
	"or": {precedence: 10}, "||": {precedence: 10},
	"and": {precedence: 15}, "&&": {precedence: 15},
	"==": {precedence: comparing}, "!=": {precedence: comparing},
	"<": {precedence: comparing}, ">": {precedence: comparing}, "<=": {precedence: comparing}, ">=": {precedence: comparing},
	"in": {precedence: comparing}, "matches": {precedence: comparing}, "contains": {precedence: comparing},
	"startsWith": {precedence: comparing}, "endsWith": {precedence: comparing},
	"..": {precedence: 25},
	"+":  {precedence: 30}, "-": {precedence: 30},
	"*": {precedence: 60}, "/": {precedence: 60}, "%": {precedence: 60},
	"**": {precedence: 100, right: true}, "^": {precedence: 100, right: true},
	"??": {precedence: 500},
}

const comparing = 20

// unary are those in front of a value: what binds as tightly or more tightly is theirs. So -a ** 2 is -(a ** 2), and
// not a == b is (not a) == b.
var unary = map[string]int{"not": 50, "!": 50, "-": 90, "+": 90}

// keywords are the words that can't be a field's name where it stands alone, nor a function's.
var keywords = map[string]bool{
	"in": true, "or": true, "and": true, "not": true, "matches": true, "contains": true, "startsWith": true, "endsWith": true,
	"let": true, "if": true, "else": true,
}

// negatable reports whether not may stand in front of an operator between two values: a not in b.
func negatable(op string) bool {
	switch op {
	case "in", "matches", "contains", "startsWith", "endsWith":
		return true
	}
	return false
}

// ordering reports whether an operator makes chains: 1 < x <= 3 is 1 < x && x <= 3.
func ordering(op string) bool {
	switch op {
	case "<", "<=", ">", ">=":
		return true
	}
	return false
}

func logical(op string) bool {
	switch op {
	case "and", "or", "&&", "||":
		return true
	}
	return false
}
