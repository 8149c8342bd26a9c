package kinesislocal

import (
	"fmt"
	"unicode/utf8"
)

// putEntry is one record that a client wants to write.
type putEntry struct {
	Data            []byte
	PartitionKey    string
	ExplicitHashKey *string
}

type putRecordInput struct {
	streamRef
	putEntry
	SequenceNumberForOrdering string // numbers of a shard only ever grow: there is nothing to do for it
	DryRun                    bool
}

type putRecordOutput struct {
	ShardId        string
	SequenceNumber string
}

// target implements targeter: the key decides on the shard.
func (in *putRecordInput) target(s *Server) (stream, shard string) {
	name, _ := in.streamRef.target(s)
	if st, err := s.stream(name, s.now()); err == nil {
		if h, err := in.hash(); err == nil {
			st.mu.RLock()
			defer st.mu.RUnlock()
			if len(st.open) > 0 {
				return name, st.open[st.place(h)].name()
			}
		}
	}
	return name, ""
}

// check looks at the form of an entry whose members' names begin with prefix.
func (e *putEntry) check(c *checks, prefix string) {
	const longestKey = 256 // characters
	c.required(prefix+"data", e.Data != nil)
	if n := len(e.Data); n > maxRecordKiB<<10 {
		c.tooLong(prefix+"data", n, maxRecordKiB<<10)
	}
	switch n := utf8.RuneCountInString(e.PartitionKey); {
	case n == 0:
		c.fail(prefix+"partitionKey", e.PartitionKey, "Member must have length greater than or equal to 1")
	case n > longestKey:
		c.fail(prefix+"partitionKey", e.PartitionKey, "Member must have length less than or equal to 256")
	}
	if e.ExplicitHashKey == nil {
		return
	}
	for i, b := range []byte(*e.ExplicitHashKey) {
		if b < '0' || b > '9' || i == 0 && b == '0' && len(*e.ExplicitHashKey) > 1 || i == 39 {
			c.fail(prefix+"explicitHashKey", *e.ExplicitHashKey, `Member must satisfy regular expression pattern: 0|([1-9]\d{0,38})`)
			return
		}
	}
}

func (c *checks) tooLong(member string, n, limit int) {
	c.fail(member, fmt.Sprintf("java.nio.HeapByteBuffer[pos=0 lim=%d cap=%d]", n, n),
		fmt.Sprintf("Member must have length less than or equal to %d", limit))
}

// fits looks at the stream's own limit, which is for payload and key together.
func (e *putEntry) fits(c *checks, prefix string, st *stream) {
	if n := len(e.Data) + len(e.PartitionKey); n > st.recordKiB<<10 {
		c.tooLong(prefix+"data", n, st.recordKiB<<10)
	}
}

// hash returns the place in the range that decides on the shard.
func (e *putEntry) hash() (hashKey, error) {
	if e.ExplicitHashKey == nil {
		return hashOf(e.PartitionKey), nil
	}
	h, ok := parseHashKey(*e.ExplicitHashKey)
	if !ok {
		return h, invalidArgument("Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. "+
			"Specified value was %s", *e.ExplicitHashKey)
	}
	return h, nil
}

func (c *call) putRecord(in *putRecordInput) (any, error) {
	found := new(checks)
	in.putEntry.check(found, "")
	st, err := c.stream(&in.streamRef, found)
	if err != nil {
		return nil, err
	}
	h, err := in.hash()
	if err != nil {
		return nil, err
	}
	defer c.server.makeRoom(c.now) // behind the lock
	st.mu.RLock()
	defer st.mu.RUnlock()
	if err := st.readable(); err != nil {
		return nil, err
	}
	if in.fits(found, "", st); found.err() != nil {
		return nil, found.err()
	}
	if in.DryRun {
		return nil, errDryRun()
	}
	sh := st.open[st.place(h)]
	if !sh.admit(c.server.config.Limits, len(in.Data)+len(in.PartitionKey), c.now) {
		return nil, throttled(sh.name(), st.name, c.server.config.Account)
	}
	number := st.put(sh, in.PartitionKey, in.Data, c.now)
	return putRecordOutput{sh.name(), number.String()}, nil
}

// admit takes a record of n bytes off what may be written to sh now.
func (sh *shard) admit(l *Limits, n int, now millis) bool {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	ok := sh.records.has(l.WriteRecords, 1, now) && sh.written.has(l.WriteBytes, float64(n), now)
	if ok {
		sh.records.take(1)
		sh.written.take(float64(n))
	}
	return ok
}
