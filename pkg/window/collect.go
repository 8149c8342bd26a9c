package window

import (
	"container/heap"
	"encoding/binary"
	"slices"

	"github.com/kstream/kstream/pkg/record"
)

// The default and the most of what collect keeps: its values are in the state, and in one record when the window closes.
const (
	collectDefault = 1000
	collectMost    = 10_000
)

var collectFunction = &Function{
	Name:    "collect",
	Params:  []Param{{Name: "x", Kind: Expression}, {Name: "max", Kind: Count, Optional: true, Option: true}},
	Example: "paths = collect(path, max 100)",
	Doc: "A list of every x that is not nil, in the order of event time, then position. It keeps the first max of them, 1,000 unless " +
		"said, at most 10,000; an empty list if there is none.",
	New: func(args Args) (Aggregate, error) {
		most, err := args.count("max", collectDefault, collectMost)
		if err != nil {
			return nil, err
		}
		return &call{
			fresh:   func() Accumulator { return &collection{most: most} },
			load:    func(r *reader) Accumulator { return readCollection(r, most) },
			accepts: anything("collect"),
			ordered: true,
		}, nil
	},
}

// collection keeps the first values. Once it is full, items is a heap with the last of them on top.
type collection struct {
	items latestFirst
	most  int
	bytes int // what items point to
}

func (c *collection) Add(in *Input) {
	if in.Value.Nil() {
		return
	}
	o := orderOf(in)
	c.see(&in.Value, &o)
}

func (c *collection) see(v *record.Value, o *order) {
	if len(c.items) < c.most {
		p := placed{}
		p.set(v, o)
		c.bytes += p.size()
		c.items = append(c.items, p)
		if len(c.items) == c.most {
			heap.Init(&c.items)
		}
		return
	}
	top := &c.items[0]
	if top.compare(v, o) <= 0 {
		return
	}
	c.bytes -= top.size()
	top.set(v, o)
	c.bytes += top.size()
	heap.Fix(&c.items, 0)
}

func (c *collection) Merge(other Accumulator) {
	items := other.(*collection).items
	for i := range items {
		c.see(&items[i].value.Value, &items[i].order)
	}
}

func (c *collection) Result(dst []byte, _ Span) (record.Value, []byte, error) {
	sorted := make([]*placed, len(c.items))
	for i := range c.items {
		sorted[i] = &c.items[i]
	}
	slices.SortFunc(sorted, func(p, q *placed) int { return p.compare(&q.value.Value, &q.order) })
	from := len(dst)
	dst = append(dst, '[')
	for i, p := range sorted {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendJSON(dst, &p.value.Value)
	}
	dst = append(dst, ']')
	return record.Value{Kind: record.List, Text: dst[from:len(dst):len(dst)]}, dst, nil
}

func (c *collection) Append(dst []byte) []byte {
	dst = binary.AppendUvarint(append(dst, version), uint64(len(c.items)))
	for i := range c.items {
		dst = c.items[i].append(dst)
	}
	return dst
}

func readCollection(r *reader, most int) *collection {
	c := &collection{most: most}
	for n := r.length(leastPlaced); n > 0 && !r.damaged; n-- {
		v := r.value()
		o := readOrder(r)
		if r.damaged || v.Nil() {
			r.fail()
			break
		}
		c.see(&v, &o)
	}
	return c
}

// leastPlaced is the fewest bytes that a placed value takes in binary.
const leastPlaced = 5

func (c *collection) Size() int { return 48 + placedSize*cap(c.items) + c.bytes }

// latestFirst is a heap.Interface of which the last in order is on top. It never grows by Push.
type latestFirst []placed

func (l latestFirst) Len() int           { return len(l) }
func (l latestFirst) Less(i, j int) bool { return l[i].compare(&l[j].value.Value, &l[j].order) > 0 }
func (l latestFirst) Swap(i, j int)      { l[i], l[j] = l[j], l[i] }

// Push is there for heap.Interface: what is full takes nothing more.
func (l *latestFirst) Push(any) { panic("a full collection grows") }

// Pop is there for heap.Interface: what is full loses nothing.
func (l *latestFirst) Pop() any { panic("a full collection shrinks") }
