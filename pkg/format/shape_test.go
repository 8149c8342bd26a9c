package format

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kstream/kstream/pkg/record"
)

// model is a document as a library has it, on which a change is done in the plainest way.
type model map[string]any

func decode(t interface{ Fatalf(string, ...any) }, doc []byte) model {
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	var m model
	if err := d.Decode(&m); err != nil {
		t.Fatalf("%s: %v", doc, err)
	}
	return m
}

func (m model) set(path []string, v any) {
	if len(path) == 1 {
		m[path[0]] = v
		return
	}
	below, _ := m[path[0]].(map[string]any)
	if below == nil {
		below = map[string]any{}
		m[path[0]] = below
	}
	model(below).set(path[1:], v)
}

func (m model) drop(path []string) {
	if len(path) == 1 {
		delete(m, path[0])
	} else if below, ok := m[path[0]].(map[string]any); ok {
		model(below).drop(path[1:])
	}
}

func (m model) keep(paths [][]string) model {
	out := model{}
	for name, v := range m {
		var below [][]string
		whole := false
		for _, p := range paths {
			whole = whole || slices.Equal(p, []string{name})
			if len(p) > 1 && p[0] == name {
				below = append(below, p[1:])
			}
		}
		object, isObject := v.(map[string]any)
		switch {
		case whole:
			out[name] = v
		case len(below) > 0 && isObject:
			out[name] = map[string]any(model(object).keep(below))
		}
	}
	return out
}

var (
	someName = rapid.SampledFrom([]string{"a", "b", "c", "d e", "é"})
	someLeaf = rapid.SampledFrom([]string{`1`, `-2.50`, `1e3`, `9007199254740993`, `"x"`, `"\u00e9\n"`, `true`, `null`, `[1, {"a":2}]`, `[]`})
)

// someObject draws the text of an object, with white space where JSON has room for it.
func someObject(t *rapid.T, depth int) string {
	names := rapid.SliceOfNDistinct(someName, 0, 4, func(s string) string { return s }).Draw(t, "names")
	members := make([]string, len(names))
	for i, name := range names {
		v := someLeaf.Draw(t, "leaf")
		if depth > 0 && rapid.Bool().Draw(t, "object") {
			v = someObject(t, depth-1)
		}
		space := rapid.SampledFrom([]string{"", " ", "\n\t"}).Draw(t, "space")
		members[i] = fmt.Sprintf("%q%s:%s%s%s", name, space, space, v, space)
	}
	return "{" + strings.Join(members, ",") + "}"
}

// above reports whether every field that path leads through is an object or nil: what set asks for.
func (m model) above(path []string) bool {
	if len(path) == 1 {
		return true
	}
	switch v := m[path[0]].(type) {
	case nil:
		return true
	case map[string]any:
		return model(v).above(path[1:])
	}
	return false
}

// TestSplice holds that splicing any document by any changes gives what decoding, changing and encoding it by a library
// gives, and that members which no change names keep their bytes.
func TestSplice(t *testing.T) {
	somePath := rapid.SliceOfN(someName, 1, 3)
	rapid.Check(t, func(t *rapid.T) {
		doc := someObject(t, 2)
		want, shape := decode(t, []byte(doc)), Document()
		var row []record.Value
		touched := map[string]bool{}
		for range rapid.IntRange(1, 4).Draw(t, "changes") {
			switch path := somePath.Draw(t, "path"); rapid.SampledFrom([]string{"set", "drop", "keep"}).Draw(t, "change") {
			case "set":
				if !want.above(path) {
					continue
				}
				row = append(row, record.IntValue(int64(len(row))))
				shape = shape.With(path, len(row)-1)
				want.set(path, json.Number(fmt.Sprint(len(row)-1)))
				touched[path[0]] = true
			case "drop":
				shape = shape.Without(path)
				want.drop(path)
				touched[path[0]] = true
			default:
				paths := [][]string{path, somePath.Draw(t, "path")}
				shape, want = shape.Only(paths), want.keep(paths)
				for _, p := range paths {
					touched[p[0]] = touched[p[0]] || len(p) > 1
				}
			}
		}
		out := NewSplicer(shape).Append(nil, []byte(doc), row)
		if got := decode(t, out); !reflect.DeepEqual(got, want) {
			t.Fatalf("%s became %s, want %v", doc, out, want)
		}
		for w := NewWalk([]byte(doc)); w.Next(); {
			if _, stays := want[string(w.Name)]; stays && !touched[string(w.Name)] && !bytes.Contains(out, w.Member) {
				t.Fatalf("%s became %s: %s has changed", doc, out, w.Member)
			}
		}
	})
}
