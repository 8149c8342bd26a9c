package expression

import (
	"strings"

	"github.com/kstream/kstream/pkg/operator/expression/syntax"
	"github.com/kstream/kstream/pkg/operator/nearest"
	"github.com/kstream/kstream/pkg/record"
)

// metadata is what meta has, in the order in which the documents name it.
var metadata = []struct {
	name string
	read Eval
	t    Types
}{
	{"stream", func(f *Frame) record.Value { return owned(f, f.batch.Partition.Stream) }, String},
	{"shard", func(f *Frame) record.Value { return owned(f, f.batch.Partition.Shard) }, String},
	{"sequence", func(f *Frame) record.Value { return record.Value{Kind: record.String, Text: f.rec.Sequence} }, String},
	{"subsequence", func(f *Frame) record.Value { return record.IntValue(int64(f.rec.Subsequence)) }, Number},
	{"key", func(f *Frame) record.Value { return record.Value{Kind: record.String, Text: f.rec.Key} }, String},
	{"arrival", func(f *Frame) record.Value { return record.TimeValue(f.rec.Arrival.Time()) }, Time},
	{"lag", func(f *Frame) record.Value { return seconds(f.batch.Now.Sub(f.rec.Arrival)) }, Number},
}

func owned(f *Frame, s string) record.Value {
	dst := f.batch.Scratch()
	from := len(dst)
	return f.text(record.String, append(dst, s...), from)
}

func (c *compiler) meta(n syntax.Node, names []string) operand {
	if why := c.names.NoMeta(); why != "" {
		return c.fault(n, `a field named meta is this["meta"]`, "%s", why)
	}
	var known []string
	for _, m := range metadata {
		if len(names) > 0 && names[0] == m.name {
			return members(operand{eval: m.read, types: m.t}, names[1:])
		}
		known = append(known, m.name)
	}
	all := "meta has " + strings.Join(known, ", ") + `; a field named meta is this["meta"]`
	if len(names) == 0 {
		return c.fault(n, all, "meta alone is no value")
	}
	if near := nearest.Of(names[0], known); near != "" {
		all = "did you mean meta." + near + "?"
	}
	return c.fault(n, all, "meta has no %s", names[0])
}
