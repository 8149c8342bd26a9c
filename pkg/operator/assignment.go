package operator

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/kstream/kstream/pkg/operator/expression"
)

// assignment is one field that a stage makes.
type assignment struct {
	path    []string
	at      span
	program *expression.Program
}

func (a *assignment) String() string {
	text := a.program.String()
	if name := pathText(a.path); name != text {
		return name + " = " + text
	}
	return text
}

// unnamed is an assignment to what is no name; $1 is what it assigns.
var unnamed = regexp.MustCompile(`^[^=!<>]*=\s*([^=].*)$`)

// assignments reads `name = expr` or `name` alone, each compiled against the fields as they are before the stage.
func (b *builder) assignments(c *clause) (made []assignment) {
	b.needs(c, "fields: "+c.word.String()+" name, other = expression")
	for _, arg := range c.args {
		path, rest, ok := arg.path()
		text := rest.String()
		expr := arg
		switch {
		case ok && text == "":
		case ok && strings.HasPrefix(text, "=") && !strings.HasPrefix(text, "=="):
			if expr = (span{rest.src, rest.from + 1, rest.to}).trim(); expr.from == expr.to {
				b.fault(rest, "an expression is missing behind the =", "")
				continue
			}
		default:
			b.fault(arg, "this has no name", fmt.Sprintf("%s name = %s", c.word, unnamed.ReplaceAllString(arg.String(), "$1")))
			continue
		}
		a := assignment{path: path, at: arg}
		if expr == arg {
			a.program = b.fieldProgram(c, arg, path)
		} else {
			a.program = b.expression(c, expr)
		}
		if b.distinct(arg, path, made, "") && a.program != nil {
			made = append(made, a)
		}
	}
	return made
}

// distinct says where two fields of a stage are one, or one is part of the other.
func (b *builder) distinct(at span, path []string, made []assignment, hint string) bool {
	for _, other := range made {
		n := min(len(path), len(other.path))
		if slices.Equal(path[:n], other.path[:n]) {
			b.fault(at, fmt.Sprintf("%s is made twice", pathText(path[:n])), hint)
			return false
		}
	}
	return true
}

// paths reads a list of fields.
func (b *builder) paths(c *clause) (paths [][]string) {
	b.needs(c, "fields: "+c.word.String()+" name, other")
	for _, arg := range c.args {
		path, rest, ok := arg.path()
		switch {
		case !ok || rest.from < rest.to && !strings.HasPrefix(rest.String(), "="):
			b.fault(arg, "this is no field's name", `names that are more than letters, digits and _ are quoted: "user-agent"`)
		case rest.from < rest.to:
			b.fault(rest, fmt.Sprintf("%s takes names of fields alone", c.word), "set makes fields: set name = expression")
		default:
			paths = append(paths, path)
		}
	}
	return paths
}

// pathText writes a path as the language has it.
func pathText(path []string) string {
	parts := make([]string, len(path))
	for i, name := range path {
		if parts[i] = name; name == "" || strings.IndexFunc(name, func(r rune) bool { return notInName(r) && r != '$' }) >= 0 {
			parts[i] = fmt.Sprintf("%q", name)
		}
	}
	return strings.Join(parts, ".")
}
