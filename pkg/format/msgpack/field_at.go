package msgpack

import (
	"slices"
	"strconv"
	"strings"

	"github.com/kstream/kstream/pkg/format/cursor"
)

// fieldAt returns the path of the value at that offset in the document that c stands before: a.b[2].
func fieldAt(c cursor.Cursor, at int) string {
	const most = 200 // bytes of a path that are worth reading
	var steps []string
	_ = stepsTo(&c, at, &steps)
	slices.Reverse(steps)
	path := ""
	for i, s := range steps {
		if i > 0 && !strings.HasPrefix(s, "[") {
			path += "."
		}
		if path += s; len(path) > most {
			return path[:most] + "…"
		}
	}
	return path
}

// stepsTo goes through the document up to the value, once, and collects the names and indexes that lead to it, the last
// one first.
func stepsTo(c *cursor.Cursor, at int, steps *[]string) (found bool) {
	kind := c.Kind()
	switch {
	case c.Offset() == at:
		return true
	case kind != '{' && kind != '[':
		c.Value()
		return false
	}
	i := 0
	for more := c.Enter(); more; more = c.More() {
		step := "[" + strconv.Itoa(i) + "]"
		if kind == '{' {
			quoted := c.Name()
			step = string(quoted[1 : len(quoted)-1])
		}
		if stepsTo(c, at, steps) {
			*steps = append(*steps, step)
			return true
		}
		i++
	}
	return false
}
