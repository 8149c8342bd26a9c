package state

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/record"
)

func TestInspect(t *testing.T) {
	d := newDisk()
	s, table := newTable(t, d, 0)
	other, err := NewTable(s, 0, loadText)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 100 {
		table.Insert(record.Millis(i%3-1)*60_000, uint8(i), fmt.Append(nil, i), &text{"x"})
	}
	other.Insert(record.EndOfTime, 255, []byte("\xff\xff"), &text{"x"})
	w := new(delta)
	s.Snapshot(1, w)
	d.save(1, w)
	held, err := Inspect(d)
	want := []Held{{0, record.EndOfTime, 1}, {7, -60_000, 34}, {7, 0, 33}, {7, 60_000, 33}}
	if diff := cmp.Diff(want, held); err != nil || diff != "" {
		t.Fatalf("%v, want (-) and got (+):\n%s", err, diff)
	}
	from, to := All()
	entries, others := 0, 0
	it, err := d.Scan(from, to)
	if err != nil {
		t.Fatal(err)
	}
	for it.Next() {
		if _, err := ParseKey(it.Key()); err == nil {
			entries++
		} else {
			others++
		}
	}
	if err := it.Close(); err != nil || entries != 101 || entries+others != len(d.keys) {
		t.Fatalf("%v, %d entries and %d others of %d keys, want 101 entries of all", err, entries, others, len(d.keys))
	}
}
