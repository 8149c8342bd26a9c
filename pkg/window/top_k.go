package window

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strconv"

	"github.com/kstream/kstream/pkg/record"
)

// topKMost is the most k: the values are in the state, and in one record when the window closes.
const topKMost = 1000

var topKFunction = &Function{
	Name:    "top_k",
	Params:  []Param{{Name: "x", Kind: Expression}, {Name: "k", Kind: Count}},
	Example: "pages = top_k(path, 10)",
	Doc: "The k most frequent x, nil aside: a list of {value, count}, the most frequent first, at most 1,000. It is exact up to 32 k different " +
		"values, at least 512. Beyond that (Space-Saving) a count may be too high, by error at the most, which is then given too and is never " +
		"more than the number of records over 16 k (over 256 for a k up to 16). " +
		"1 and 1.0 are equal, and integers go by all of their digits; lists and objects are if they are written in the same way.",
	New: func(args Args) (Aggregate, error) {
		k, err := args.count("k", 0, topKMost)
		if err != nil {
			return nil, err
		}
		return &call{
			fresh:   func() Accumulator { return newTopK(k) },
			load:    func(r *reader) Accumulator { return readTopK(r, k) },
			accepts: anything("top_k"),
		}, nil
	},
}

// topK is Space-Saving in its mergeable form: a counter that is given to a value not counted so far starts at floor, which
// no value without a counter can be above. Rather than to take over the least counter for each new value, counters are
// added until there are 2m, and then all are dropped that are not among the m greatest; floor becomes the greatest that was
// dropped. Each such step takes floor*(m+1) from what the counters hold above it, so floor is at most N/(m+1) after N
// inputs. Merging adds counters and floors, and keeps that bound (Agarwal et al., Mergeable Summaries, 2012).
type topK struct {
	place    map[string]int32 // of a value's canonical form in counters
	counters []frequency
	floor    int64
	k, m     int
	bytes    int // of the values
}

// frequency is the counter of a value: it came at most count times, and at least count-over.
type frequency struct {
	value       string // canonical
	count, over int64
}

// A counter takes its struct, and about as much again in the map.
const frequencySize = 100

func newTopK(k int) *topK { return &topK{place: map[string]int32{}, k: k, m: max(256, 16*k)} }

func (t *topK) Add(in *Input) {
	if in.Value.Nil() {
		return
	}
	var room [256]byte // longer values cost an allocation
	value := appendCanonical(room[:0], &in.Value)
	if i, ok := t.place[string(value)]; ok {
		t.counters[i].count++
		return
	}
	if len(t.counters) == 2*t.m {
		t.drop()
	}
	t.put(frequency{value: string(value), count: t.floor + 1, over: t.floor})
}

// put adds a counter.
func (t *topK) put(f frequency) {
	t.place[f.value] = int32(len(t.counters))
	t.counters = append(t.counters, f)
	t.bytes += len(f.value)
}

// drop keeps those of the m greatest counters that are above all others.
func (t *topK) drop() {
	slices.SortFunc(t.counters, compareFrequency)
	t.floor = t.counters[t.m].count
	all := t.counters
	t.counters, t.bytes = t.counters[:0], 0
	clear(t.place)
	for _, f := range all {
		if f.count > t.floor {
			t.put(f)
		}
	}
	clear(all[len(t.counters):])
}

// compareFrequency puts the most frequent first, and of those with the surer count; then goes by value.
func compareFrequency(f, g frequency) int {
	if c := cmp.Compare(g.count, f.count); c != 0 {
		return c
	}
	if c := cmp.Compare(f.over, g.over); c != 0 {
		return c
	}
	a, _, _ := record.ReadValue([]byte(f.value))
	b, _, _ := record.ReadValue([]byte(g.value))
	return compareExactly(&a, &b)
}

func (t *topK) Merge(other Accumulator) {
	o := other.(*topK)
	for i := range t.counters {
		f := &t.counters[i]
		if _, ok := o.place[f.value]; !ok {
			f.count += o.floor
			f.over += o.floor
		}
	}
	for _, f := range o.counters {
		if i, ok := t.place[f.value]; ok {
			t.counters[i].count += f.count
			t.counters[i].over += f.over
			continue
		}
		t.put(frequency{value: f.value, count: f.count + t.floor, over: f.over + t.floor})
	}
	t.floor += o.floor
	if len(t.counters) > 2*t.m {
		t.drop()
	}
}

func (t *topK) Result(dst []byte, _ Span) (record.Value, []byte, error) {
	sorted := slices.Clone(t.counters)
	slices.SortFunc(sorted, compareFrequency)
	from := len(dst)
	dst = append(dst, '[')
	for i, f := range sorted[:min(t.k, len(sorted))] {
		if i > 0 {
			dst = append(dst, ',')
		}
		v, _, err := record.ReadValue([]byte(f.value))
		if err != nil {
			return record.Value{}, dst[:from], err
		}
		dst = appendJSON(append(dst, `{"value":`...), &v)
		dst = appendField(dst, "count", f.count)
		if f.over > 0 {
			dst = appendField(dst, "error", f.over)
		}
		dst = append(dst, '}')
	}
	dst = append(dst, ']')
	return record.Value{Kind: record.List, Text: dst[from:len(dst):len(dst)]}, dst, nil
}

// appendField appends a number as a further field of an object.
func appendField(dst []byte, name string, n int64) []byte {
	dst = append(append(append(dst, `,"`...), name...), `":`...)
	return strconv.AppendInt(dst, n, 10)
}

func (t *topK) Append(dst []byte) []byte {
	dst = appendCount(append(dst, version), t.floor)
	dst = appendCount(dst, int64(len(t.counters)))
	for _, f := range t.counters {
		dst = append(binary.AppendUvarint(dst, uint64(len(f.value))), f.value...)
		dst = appendCount(appendCount(dst, f.count), f.over)
	}
	return dst
}

func readTopK(r *reader, k int) *topK {
	t := newTopK(k)
	t.floor = r.count()
	n := r.length(4)
	if n > 2*t.m {
		r.fail()
	}
	for ; n > 0 && !r.damaged; n-- {
		f := frequency{value: string(r.text()), count: r.count(), over: r.count()}
		_, rest, err := record.ReadValue([]byte(f.value))
		_, twice := t.place[f.value]
		if err != nil || len(rest) > 0 || twice || f.over > f.count {
			r.fail()
			break
		}
		t.put(f)
	}
	return t
}

func (t *topK) Size() int { return 120 + frequencySize*cap(t.counters) + t.bytes }
