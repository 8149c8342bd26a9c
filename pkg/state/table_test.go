package state

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/record"
)

// What an epoch that is not saved has changed is neither evicted nor read from disk.
func TestUnsavedStays(t *testing.T) {
	d := newDisk()
	s, table := newTable(t, d, 0)
	table.Insert(5, 1, []byte("a"), &text{"1"})
	first, second := new(delta), new(delta)
	s.Snapshot(1, first)
	s.Trim()
	if got := value(t, table, 5, 1, "a"); got != "1" || d.gets != 0 {
		t.Fatalf("got %q after %d reads, want 1 from memory: epoch 1 is not saved", got, d.gets)
	}
	d.save(1, first)
	e, _ := table.Find(5, 1, []byte("a"))
	table.Delete(e)
	s.Snapshot(2, second)
	s.Trim()
	s.Trim()
	if got := value(t, table, 5, 1, "a"); got != "none" {
		t.Fatalf("got %q, want none: the disk still has the deleted entry", got)
	}
	if got := scan(t, table, 5); got != nil {
		t.Fatalf("scanned %v, want none", got)
	}
	d.save(2, second)
	s.Trim()
	if got := value(t, table, 5, 1, "a"); got != "none" || s.Bytes() != 0 || len(d.keys) != 0 {
		t.Fatalf("got %q, %d bytes, disk %q; want nothing anywhere", got, s.Bytes(), d.keys)
	}
}

// A key group of a bucket of which all is in memory needs no disk to know that a key is new.
func TestWholeBucketNeedsNoDisk(t *testing.T) {
	d := newDisk()
	s, table := newTable(t, d, 0)
	w := new(delta)
	table.Insert(5, 1, []byte("a"), &text{"1"})
	table.Insert(5, 2, []byte("b"), &text{"2"})
	s.Snapshot(1, w)
	d.save(1, w)
	value(t, table, 5, 1, "new")
	if d.gets != 0 {
		t.Fatalf("%d reads before anything was evicted, want 0", d.gets)
	}
	s.Trim()
	value(t, table, 5, 3, "new")
	value(t, table, 6, 1, "new")
	if d.gets != 0 {
		t.Fatalf("%d reads for a group and a bucket that have nothing on disk, want 0", d.gets)
	}
	if got := value(t, table, 5, 1, "a"); got != "1" || d.gets != 1 {
		t.Fatalf("got %q after %d reads, want 1 after one", got, d.gets)
	}
	value(t, table, 5, 1, "new")
	if d.gets != 1 {
		t.Fatalf("%d reads, want 1: the whole group is in memory again", d.gets)
	}
}

func TestRangeDeletesOnlyOfWhatWasSaved(t *testing.T) {
	d := newDisk()
	s, table := newTable(t, d, 0)
	table.Insert(5, 1, []byte("a"), &text{"1"})
	w := new(delta)
	s.Snapshot(1, w)
	d.save(1, w)
	table.Insert(5, 2, []byte("b"), &text{"2"})
	table.Insert(9, 3, []byte("c"), &text{"3"})
	table.Drop(5)
	table.Drop(9)
	w = new(delta)
	s.Snapshot(2, w)
	want := []op{
		{'r', string(appendPrefix(nil, 1, 7, 5)), string(appendPrefix(nil, 1, 7, 6))},
		{'d', string(appendIndexKey(nil, 1, 7, 5)), ""},
	}
	if diff := cmp.Diff(want, w.ops, cmp.AllowUnexported(op{})); diff != "" {
		t.Fatalf("want (-) and got (+):\n%s", diff)
	}
	d.save(2, w)
	if len(d.keys) != 0 || s.Keys() != 0 || s.Bytes() != 0 {
		t.Fatalf("disk %q, %d keys, %d bytes; want nothing", d.keys, s.Keys(), s.Bytes())
	}
}

// A bucket that comes back after its Drop knows nothing of what is still on disk.
func TestBucketDroppedAndMadeAnew(t *testing.T) {
	d := newDisk()
	s, table := newTable(t, d, 0)
	table.Insert(5, 1, []byte("old"), &text{"1"})
	w := new(delta)
	s.Snapshot(1, w)
	d.save(1, w)
	s.Trim()
	table.Drop(5)
	table.Insert(5, 1, []byte("new"), &text{"2"})
	if got := scan(t, table, 5); !slices.Equal(got, []string{"new=2"}) || value(t, table, 5, 1, "old") != "none" {
		t.Fatalf("scanned %v, want the new entry alone", got)
	}
	w = new(delta)
	s.Snapshot(2, w)
	if w.ops[0].kind != 'r' {
		t.Fatalf("got %q first, want the range delete before sets", w.ops[0].kind)
	}
	d.save(2, w)
	s.Trim()
	if got := scan(t, table, 5); !slices.Equal(got, []string{"new=2"}) {
		t.Fatalf("read back %v, want the new entry alone", got)
	}
}

// An error of the disk is returned wherever it comes up, and is never "none".
func TestReaderErrors(t *testing.T) {
	d := newDisk()
	s, table := newTable(t, d, 0)
	table.Insert(5, 1, []byte("a"), &text{"1"})
	w := new(delta)
	s.Snapshot(1, w)
	d.save(1, w)
	s.Trim()
	d.fails = errors.New("the disk is gone")
	if e, err := table.Find(5, 1, []byte("a")); e != nil || !errors.Is(err, d.fails) {
		t.Errorf("Find: got %v, %v", e, err)
	}
	c := table.Scan(5)
	if c.Next() || !errors.Is(c.Err(), d.fails) || !errors.Is(c.Close(), d.fails) {
		t.Errorf("Scan: got %v, want the disk's error", c.Err())
	}
	if _, err := NewTable(New(Config{Reader: d, Last: 255}), 1, loadText); !errors.Is(err, d.fails) {
		t.Errorf("NewTable: got %v, want the disk's error", err)
	}
	d.fails = nil
	if got := value(t, table, 5, 1, "a"); got != "1" {
		t.Errorf("got %q once the disk is back, want 1", got)
	}
}

// A cursor sees each entry once, however much of the bucket is trimmed while it is open.
func TestScanUnderTrim(t *testing.T) {
	d := newDisk()
	s, table := newTable(t, d, 0)
	var want []string
	for i := range 100 {
		table.Insert(5, uint8(i), fmt.Appendf(nil, "%02d", i), &text{"x"})
		want = append(want, fmt.Sprintf("%02d", i))
	}
	w := new(delta)
	s.Snapshot(1, w)
	d.save(1, w)
	var got []string
	c := table.Scan(5)
	for c.Next() {
		got = append(got, string(c.Key()))
		s.Trim()
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatal(diff)
	}
	if s.Trim(); s.Bytes() != 0 {
		t.Fatalf("%d bytes stay after the cursor is closed, want 0", s.Bytes())
	}
}

// Trim keeps what is used, as long as there is something else to take.
func TestTrimTakesWhatIsNotUsed(t *testing.T) {
	d := newDisk()
	s, table := newTable(t, d, 0)
	for i := range 1000 {
		table.Insert(5, 0, fmt.Appendf(nil, "%03d", i), &text{"x"})
	}
	w := new(delta)
	s.Snapshot(1, w)
	d.save(1, w)
	s.cfg.Memory = s.Bytes() * 9 / 10
	s.Trim() // finds everything used, as it came, and takes a tenth
	hot := table.buckets[5].entries[:100]
	for range 20 {
		for _, e := range hot {
			value(t, table, 5, 0, string(e.Key()))
		}
		hot = slices.Clone(hot)
		s.cfg.Memory -= s.Bytes() / 40
		s.Trim()
	}
	for _, e := range hot {
		if table.buckets[5].byKey[string(e.key)] == nil {
			t.Fatalf("%s was evicted, of %d entries in memory", e.Key(), len(table.buckets[5].entries))
		}
	}
}

func TestTableIDsAreUsedOnce(t *testing.T) {
	s, _ := newTable(t, newDisk(), 0)
	for _, id := range []uint16{7, indexTable} {
		if _, err := NewTable(s, id, loadText); err == nil || !strings.Contains(err.Error(), fmt.Sprint(id)) {
			t.Errorf("table %d: got %v, want an error that names it", id, err)
		}
	}
}

// Without a Reader and snapshots nothing is kept for a disk that there is not.
func TestWithoutDisk(t *testing.T) {
	s := New(Config{Last: 255})
	table, err := NewTable(s, 1, loadText)
	if err != nil {
		t.Fatal(err)
	}
	for i := range record.Millis(1000) {
		e := table.Insert(i, 9, []byte("a"), &text{"x"})
		table.Delete(e)
		s.Trim()
	}
	if s.Bytes() != 0 || s.Keys() != 0 || len(table.order) != 0 {
		t.Fatalf("%d bytes, %d keys, %d buckets are left; want none", s.Bytes(), s.Keys(), len(table.order))
	}
}
