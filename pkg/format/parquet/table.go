package parquet

import (
	"bytes"
	"slices"

	pq "github.com/parquet-go/parquet-go"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

// column is a field of the rows.
type column struct {
	name    string
	seen    kinds
	form    form
	longest int // bytes of source text
}

// table is the columns, as the first pass over the rows finds them.
type table struct {
	columns []column
	byName  map[string]int
	rest    int // the column of fields that have none of their own; -1: there are no such fields
	strings plainText
}

func newTable() *table { return &table{byName: map[string]int{}, rest: -1} }

// see takes note of a row's fields.
func (t *table) see(row []byte) error {
	for w := format.NewWalk(row); w.Next(); {
		v := t.strings.parse(w.Raw)
		if v.Kind == record.Null {
			continue
		}
		i, ok := t.byName[string(w.Name)]
		if !ok {
			if len(w.Name) == 0 || len(w.Name) > MaxName || len(t.columns) == MaxColumns {
				t.rest = MaxColumns // found: settle gives it its place
				continue
			}
			i = len(t.columns)
			name := string(w.Name)
			t.byName[name] = i
			t.columns = append(t.columns, column{name: name})
		}
		c := &t.columns[i]
		c.seen |= kindOf(&v, c.seen)
		c.longest = max(c.longest, len(w.Raw))
	}
	return nil
}

// settle decides the columns' forms. A file without a column is none: one of rows that are all empty has that of the rest.
func (t *table) settle() {
	for i := range t.columns {
		t.columns[i].form = t.columns[i].seen.form()
	}
	if t.rest < 0 && len(t.columns) > 0 {
		return
	}
	name := "_rest"
	for {
		if _, taken := t.byName[name]; !taken {
			break
		}
		name = "_" + name
	}
	t.rest = len(t.columns)
	t.columns = append(t.columns, column{name: name, form: asJSON})
}

// schema returns the columns as Parquet describes them.
func (t *table) schema() *pq.Schema {
	group := pq.Group{}
	place := map[string]int{}
	for i, c := range t.columns {
		group[c.name], place[c.name] = pq.Optional(c.node()), i
	}
	fields := group.Fields()
	slices.SortFunc(fields, func(a, b pq.Field) int { return place[a.Name()] - place[b.Name()] })
	return pq.NewSchema("record", ordered{group, fields})
}

// ordered is a group whose fields stand in an order of their own, and not in that of their names.
type ordered struct {
	pq.Group
	fields []pq.Field
}

// Fields implements parquet.Node.
func (o ordered) Fields() []pq.Field { return o.fields }

func (c *column) node() pq.Node {
	switch c.form {
	case asBool:
		return pq.Leaf(pq.BooleanType)
	case asInt:
		return pq.Leaf(pq.Int64Type)
	case asDouble:
		return pq.Leaf(pq.DoubleType)
	case asMicros:
		return pq.Timestamp(pq.Microsecond)
	case asNanos:
		return pq.Timestamp(pq.Nanosecond)
	case asString:
		if c.bounded() {
			return pq.Encoded(pq.String(), &pq.RLEDictionary)
		}
		return pq.Encoded(pq.Leaf(unbounded{pq.String().Type()}), &pq.Plain) // a dictionary has an index of its own kind
	}
	return pq.Encoded(pq.Leaf(unbounded{pq.JSON().Type()}), &pq.Plain)
}

// plainText is where the plain forms of strings with escapes go, one value at a time. It implements format.Arena.
type plainText struct{ buf []byte }

func (p *plainText) Scratch() []byte { return p.buf[:0] }

func (p *plainText) Kept(scratch []byte, from int) []byte {
	p.buf = scratch
	return scratch[from:]
}

// parse returns the value of raw, which holds until the next one.
func (p *plainText) parse(raw []byte) record.Value { return format.Parse(raw, p) }

// valid returns text without bytes that are no UTF-8.
func valid(text []byte) []byte { return bytes.ToValidUTF8(text, []byte("\uFFFD")) }
