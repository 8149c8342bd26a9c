package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/kstream/kstream/pkg/format/envelope"
	"github.com/kstream/kstream/pkg/kpl"
	"github.com/kstream/kstream/pkg/operator"
	"github.com/kstream/kstream/pkg/record"
)

// forms are what a line of an input may be: a payload, or JSON that says key and data, as `consume -o json` prints it.
var forms = []string{"auto", "lines", "json"}

// form turns lines into records. One goroutine uses it.
type form struct {
	name string // of forms
	keys *keyer // nil: a record keeps the key that it has
	// unpacked counts the lines that said key and data.
	unpacked int
}

// read finds out key and data of a line that was read, and whether it can't be written.
func (f *form) read(l *line) {
	if l.err != nil {
		return
	}
	if f.name == "json" || f.name == "auto" && envelope.Looks(l.data) {
		e, err := envelope.Parse(l.data)
		if err != nil {
			l.err = err
			return
		}
		l.key, l.data = e.Key, e.Data
		f.unpacked++
		if e.HashKey != "" {
			hash, err := kpl.ParseHash(e.HashKey)
			if err != nil {
				l.err = fmt.Errorf("its explicit_hash_key can't be %s: a hash key is a whole number below 2 to the 128", e.HashKey)
				return
			}
			l.hash = hash.String()
		}
	}
	if f.keys != nil {
		l.key, l.err = f.keys.of(l.data)
	}
}

// keyer computes partition keys out of payloads, as SINK_PARTITION_KEY does. One goroutine uses it.
type keyer struct {
	chain *operator.Chain
	batch *record.Batch
	one   []record.Record
}

// inputs is the partition that lines are of, for the chain.
var inputs = &record.Partition{Stream: "input", Shard: "input"}

func newKeyer(expression string) (*keyer, error) {
	plan, err := operator.Compile(operator.Config{Key: expression, KeyName: "--key"})
	if err != nil {
		return nil, err
	}
	chain, err := plan.Instance(0, nil)
	if err != nil {
		return nil, err
	}
	return &keyer{chain: chain, batch: record.NewBatch(plan.Slots()), one: make([]record.Record, 1)}, nil
}

// of returns the key of a record with that payload.
func (k *keyer) of(data []byte) (string, error) {
	k.one[0] = record.Record{Data: data}
	k.batch.Fill(inputs, k.one)
	for _, s := range k.chain.Stages {
		if err := s.Stage.Process(context.Background(), k.batch); err != nil {
			return "", fmt.Errorf("computing its key: %w", err)
		}
	}
	if len(k.batch.Rejected) > 0 {
		return "", fmt.Errorf("computing its key: %w", k.batch.Rejected[0].Err)
	}
	key, err := k.chain.Key(nil, k.batch, &k.batch.Records[0])
	switch {
	case errors.Is(err, operator.ErrNoKey):
		return "", errors.New("--key is nil or empty for it")
	case err != nil:
		return "", fmt.Errorf("computing its key: %w", err)
	}
	return string(key), nil
}
