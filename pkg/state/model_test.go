package state

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/record"
)

// TestModel does what tasks do, at random, and holds it against a plain map: changes, snapshots, saves that come later or
// never, evictions down to nothing, and crashes after which other tasks own the key groups.
func TestModel(t *testing.T) {
	for seed := range uint64(100) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			m := &model{t: t, r: rand.New(rand.NewPCG(seed, 1)), disk: newDisk()}
			m.saved = map[place]string{}
			m.crash()
			for range 600 {
				m.step()
			}
			m.compare()
		})
	}
}

// place is where an entry lies.
type place struct {
	table  uint16
	bucket record.Millis
	group  uint8
	key    string
}

type model struct {
	t      *testing.T
	r      *rand.Rand
	disk   *disk
	epoch  record.Epoch
	stores []*Store
	tables [][]*Table[*text] // by store and id

	want, saved map[place]string
	flights     []flight // snapshots that are not saved
}

type flight struct {
	epoch  record.Epoch
	deltas []*delta
	want   map[place]string
}

var buckets = []record.Millis{record.StartOfTime, -60_000, 0, 60_000, record.EndOfTime}

func (m *model) step() {
	switch n := m.r.IntN(100); {
	case n < 60:
		m.change(m.somewhere())
	case n < 64:
		m.drop(uint16(m.r.IntN(2)), buckets[m.r.IntN(len(buckets))])
	case n < 74:
		m.snapshot()
	case n < 84:
		m.save()
	case n < 94:
		m.stores[m.r.IntN(len(m.stores))].Trim()
		m.sound()
	case n < 98:
		m.compare()
	default:
		m.crash()
	}
}

func (m *model) somewhere() place {
	return place{
		table: uint16(m.r.IntN(2)), bucket: buckets[m.r.IntN(len(buckets))],
		group: uint8(m.r.IntN(4) * 85), key: fmt.Sprintf("k%d", m.r.IntN(6)),
	}
}

func (m *model) table(p place) *Table[*text] {
	for i, s := range m.stores {
		if s.cfg.First <= p.group && p.group <= s.cfg.Last {
			return m.tables[i][p.table]
		}
	}
	panic("nobody owns the group")
}

// change finds an entry and changes what it found.
func (m *model) change(p place) {
	m.t.Helper()
	table := m.table(p)
	got := value(m.t, table, p.bucket, p.group, p.key)
	was, ok := m.want[p]
	if !ok {
		was = "none"
	}
	if got != was {
		m.t.Fatalf("epoch %d: %v is %q, want %q", m.epoch, p, got, was)
	}
	next := fmt.Sprint(m.r.IntN(1 << m.r.IntN(60)))
	if !ok {
		if m.r.IntN(3) > 0 {
			table.Insert(p.bucket, p.group, []byte(p.key), &text{next})
			m.want[p] = next
		}
		return
	}
	e, _ := table.Find(p.bucket, p.group, []byte(p.key))
	switch m.r.IntN(3) {
	case 0:
		e.Value.s = next
		table.Touch(e)
		m.want[p] = next
	case 1:
		table.Delete(e)
		delete(m.want, p)
	}
}

func (m *model) drop(table uint16, bucket record.Millis) {
	for i := range m.stores {
		m.tables[i][table].Drop(bucket)
	}
	maps.DeleteFunc(m.want, func(p place, _ string) bool { return p.table == table && p.bucket == bucket })
}

func (m *model) snapshot() {
	m.epoch++
	f := flight{epoch: m.epoch, want: maps.Clone(m.want)}
	for _, s := range m.stores {
		d := new(delta)
		s.Snapshot(m.epoch, d)
		f.deltas = append(f.deltas, d)
		if s.Changed() != 0 {
			m.t.Fatalf("%d bytes are changed right after a snapshot", s.Changed())
		}
	}
	m.flights = append(m.flights, f)
}

func (m *model) save() {
	if len(m.flights) == 0 {
		return
	}
	f := m.flights[0]
	m.flights = m.flights[1:]
	m.disk.save(f.epoch, f.deltas...)
	m.saved = f.want
}

// crash forgets what was not saved, and begins with other tasks.
func (m *model) crash() {
	m.want, m.flights = maps.Clone(m.saved), nil
	m.stores, m.tables = nil, nil
	m.epoch = m.disk.durable
	for first := 0; first < 256; {
		last := min(255, first+m.r.IntN(256))
		s := New(Config{
			Reader: m.disk, First: uint8(first), Last: uint8(last), Memory: 400 * m.r.IntN(10),
			Durable: func() record.Epoch { return m.disk.durable },
		})
		var tables []*Table[*text]
		for id := range uint16(2) {
			table, err := NewTable(s, id, loadText)
			if err != nil {
				m.t.Fatal(err)
			}
			tables = append(tables, table)
		}
		m.stores, m.tables = append(m.stores, s), append(m.tables, tables)
		first = last + 1
	}
}

// compare holds every scan, First and Keys against the model.
func (m *model) compare() {
	m.t.Helper()
	got := map[place]string{}
	var keys int64
	for i, s := range m.stores {
		keys += s.Keys()
		for id, table := range m.tables[i] {
			for _, bucket := range buckets {
				c := table.Scan(bucket)
				for c.Next() {
					p := place{uint16(id), bucket, c.Group(), string(c.Key())}
					if _, twice := got[p]; twice {
						m.t.Fatalf("%v was seen twice", p)
					}
					got[p] = c.Value().s
				}
				if err := c.Close(); err != nil {
					m.t.Fatal(err)
				}
			}
			m.first(s, table)
		}
	}
	if diff := cmp.Diff(m.want, got); diff != "" {
		m.t.Fatalf("epoch %d: want (-) and scanned (+) differ:\n%s", m.epoch, diff)
	}
	if keys != int64(len(m.want)) {
		m.t.Fatalf("%d keys are counted, want %d", keys, len(m.want))
	}
	m.sound()
}

func (m *model) first(s *Store, table *Table[*text]) {
	want, some := record.EndOfTime, false
	for p := range m.want {
		if p.table == table.id && s.cfg.First <= p.group && p.group <= s.cfg.Last {
			want, some = min(want, p.bucket), true
		}
	}
	if got, ok := table.First(); ok != some || ok && got != want {
		m.t.Fatalf("the first bucket is %d, %v; want %d, %v", got, ok, want, some)
	}
}

// sound holds the stores' books against what is there.
func (m *model) sound() {
	m.t.Helper()
	for i, s := range m.stores {
		all, unsaved := 0, 0
		for _, table := range m.tables[i] {
			for _, b := range table.order {
				away := b.live
				for _, p := range b.parts {
					if p != nil {
						away -= p.away
					}
				}
				for slot, e := range b.entries {
					if !e.dead {
						away--
					}
					if int(e.slot) != slot || b.byKey[string(e.key)] != e {
						m.t.Fatalf("entry %q is not in its place", e.key)
					}
					all += e.weight()
					if b.isChanged(e) {
						unsaved += e.weight()
					}
				}
				if away != 0 {
					m.t.Fatalf("bucket %d: %d entries are neither in memory nor away", b.at, away)
				}
			}
		}
		if all != s.Bytes() || unsaved != s.Changed() {
			m.t.Fatalf("%d bytes and %d changed are counted, want %d and %d", s.Bytes(), s.Changed(), all, unsaved)
		}
	}
}
