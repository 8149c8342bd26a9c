package record

import (
	"strconv"
	"strings"
	"testing"
)

// Records that were put off come back with their fields, their origin and their order, whatever was made of the others.
func TestPostpone(t *testing.T) {
	b := NewBatch(2)
	origins := make([]Record, 10)
	for i := range origins {
		origins[i] = Record{Data: []byte(strconv.Itoa(i))}
	}
	b.Fill(&Partition{}, origins)
	for i := range b.Records {
		row := b.Row(&b.Records[i])
		row[0], row[1] = IntValue(int64(i)), Value{Kind: String, Text: b.Keep([]byte{'s', byte('0' + i)})}
	}
	b.Records = append(b.Records[:1], b.Records[3:]...) // a filter was first
	var seen []string
	for more := true; more; more = b.Resume() {
		if len(b.Rejected) > 0 || b.Size() > 0 && len(seen) > 0 {
			t.Fatalf("behind %v there are %d rejects and %d bytes of before", seen, len(b.Rejected), b.Size())
		}
		n := min(3, len(b.Records))
		if n < len(b.Records) {
			b.Postpone(n)
		}
		b.Records = b.Records[:n]
		for i := range b.Records {
			r := b.Records[i]
			row := b.Row(&r)
			number, _ := row[0].Int()
			seen = append(seen, string(r.Data)+strconv.FormatInt(number, 10)+string(row[1].Text)+string(b.Origin(&r).Data))
		}
		for range 5 { // what the stage makes of them must not reach the others
			r := b.Derive(&b.Records[0], b.Keep([]byte("xxxxxxxx")))
			b.Row(&r)[0] = IntValue(99)
		}
		b.Reject(&b.Records[0], "1:decode", ErrSkipped)
	}
	if got, want := strings.Join(seen, " "), "00s00 33s33 44s44 55s55 66s66 77s77 88s88 99s99"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// A batch is full when what was made for its records takes too much, be it bytes or records.
func TestFull(t *testing.T) {
	origins := make([]Record, 1000)
	for _, c := range []struct {
		name string
		make func(b *Batch)
		want bool
	}{
		{"as it was filled", func(*Batch) {}, false},
		{"a slice's worth of bytes", func(b *Batch) { b.Keep(make([]byte, 1<<20)) }, false},
		{"many bytes", func(b *Batch) { b.Keep(make([]byte, fullBytes+1)) }, true},
		{"as many records again", func(b *Batch) { derive(b, 1000) }, false},
		{"many records", func(b *Batch) { derive(b, 20_000) }, true},
	} {
		b := NewBatch(2)
		b.Fill(&Partition{}, origins)
		made := b.Made()
		if c.make(b); b.Full(made) {
			t.Errorf("%s: full, and nobody would resume", c.name)
		}
		if b.InRounds = true; b.Full(made) != c.want {
			t.Errorf("%s: Full is %t", c.name, !c.want)
		}
		if b.Full(b.Made()) {
			t.Errorf("%s: full before a stage has begun", c.name)
		}
		if b.Postpone(500); b.Full(made) {
			t.Errorf("%s: full, and a stage before has postponed records", c.name)
		}
	}
}

func derive(b *Batch, n int) {
	for range n {
		b.Derive(&b.Records[0], nil)
	}
}
