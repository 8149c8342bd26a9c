package checkpoint

import (
	"context"
	"maps"
	"slices"
)

// Memory is a Store for runs that keep nothing, and for tests: what it holds ends with the process.
type Memory struct {
	last *Checkpoint
}

// Load returns the last checkpoint that was saved to m.
func (m *Memory) Load(context.Context) (*Checkpoint, error) { return m.last.clone(), nil }

// Save keeps a copy of c, without its keyed state.
func (m *Memory) Save(_ context.Context, c *Checkpoint) error {
	m.last = c.clone()
	return nil
}

// Close does nothing: a Memory can be opened again by whoever has it.
func (m *Memory) Close() error { return nil }

func (c *Checkpoint) clone() *Checkpoint {
	if c == nil {
		return nil
	}
	d := *c
	d.Partitions, d.Watermarks = maps.Clone(c.Partitions), maps.Clone(c.Watermarks)
	d.Counts, d.Chain = maps.Clone(c.Counts), slices.Clone(c.Chain)
	d.Outputs = maps.Clone(c.Outputs)
	for name, token := range d.Outputs {
		d.Outputs[name] = slices.Clone(token)
	}
	d.State = nil
	return &d
}
