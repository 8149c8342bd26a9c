package checkpoint

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/kstream/kstream/pkg/state"
)

// Memory is a Store for runs that keep nothing, and for tests: what it holds ends with the process.
type Memory struct {
	last *Checkpoint

	mu sync.RWMutex
	// state is keyed state by the first byte of its keys, the key group, so that a range delete looks at one group's. Values
	// never change in place. guarded by mu
	state map[byte]map[string][]byte
}

// Load returns the last checkpoint that was saved to m.
func (m *Memory) Load(context.Context) (*Checkpoint, error) { return m.last.clone(), nil }

// Save keeps a copy of c, and applies its changes to the state.
func (m *Memory) Save(_ context.Context, c *Checkpoint) error {
	m.last = c.clone()
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, delta := range c.State {
		if err := delta.each(m.applyLocked); err != nil {
			return err
		}
	}
	return nil
}

func (m *Memory) applyLocked(kind changeKind, x, y []byte) error {
	switch kind {
	case set:
		group := m.state[x[0]]
		if group == nil {
			if m.state == nil {
				m.state = map[byte]map[string][]byte{}
			}
			group = map[string][]byte{}
			m.state[x[0]] = group
		}
		group[string(x)] = bytes.Clone(y)
	case del:
		delete(m.state[x[0]], string(x))
	default:
		m.eachLocked(x, y, func(group map[string][]byte, key string) { delete(group, key) })
	}
	return nil
}

// eachLocked calls f for the keys in [from, to), in no order.
func (m *Memory) eachLocked(from, to []byte, f func(group map[string][]byte, key string)) {
	low, high := string(from), string(to)
	for first, group := range m.state {
		if low != "" && first < low[0] || high == "" || first > high[0] {
			continue
		}
		for key := range group {
			if low <= key && key < high {
				f(group, key)
			}
		}
	}
}

// Get reads keyed state.
func (m *Memory) Get(dst, key []byte) (value []byte, found bool, err error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if len(key) == 0 {
		return dst, false, nil
	}
	v, found := m.state[key[0]][string(key)]
	return append(dst, v...), found, nil
}

// Scan goes over keyed state as it is now.
func (m *Memory) Scan(from, to []byte) (state.Iterator, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	it := &memoryIterator{at: -1}
	m.eachLocked(from, to, func(group map[string][]byte, key string) {
		it.entries = append(it.entries, memoryEntry{[]byte(key), group[key]})
	})
	slices.SortFunc(it.entries, func(a, b memoryEntry) int { return bytes.Compare(a.key, b.key) })
	return it, nil
}

type memoryEntry struct{ key, value []byte }

type memoryIterator struct {
	entries []memoryEntry
	at      int
}

func (it *memoryIterator) Next() bool {
	it.at++
	return it.at < len(it.entries)
}

func (it *memoryIterator) Key() []byte   { return it.entries[it.at].key }
func (it *memoryIterator) Value() []byte { return it.entries[it.at].value }
func (it *memoryIterator) Close() error  { return nil }

// Close does nothing: a Memory can be opened again by whoever has it.
func (m *Memory) Close() error { return nil }

func (c *Checkpoint) clone() *Checkpoint {
	if c == nil {
		return nil
	}
	d := *c
	d.Partitions, d.Watermarks = maps.Clone(c.Partitions), maps.Clone(c.Watermarks)
	d.Counts, d.Chain = maps.Clone(c.Counts), slices.Clone(c.Chain)
	d.Outputs, d.Moved = maps.Clone(c.Outputs), slices.Clone(c.Moved)
	for name, token := range d.Outputs {
		d.Outputs[name] = slices.Clone(token)
	}
	d.State = nil
	return &d
}
