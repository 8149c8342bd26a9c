package kinesislocal

// Shard is what a Server says of one of a stream's shards.
type Shard struct {
	ID      string
	Parents []string // none, one of a split, or two of a merge
	// StartingHashKey and EndingHashKey are the range of hash keys, both inclusive, in decimal.
	StartingHashKey, EndingHashKey string
	Open                           bool
}

// Record is one record that a stream holds. Its Data is the server's: it never changes, and is not to be written to.
type Record struct {
	Shard        string
	Sequence     string
	PartitionKey string
	Data         []byte
}

// Shards returns the shards of a stream that retention has left, open and closed, by number.
func (s *Server) Shards(name string) ([]Shard, error) {
	var out []Shard
	err := s.with(name, func(st *stream, _ millis) error {
		for _, sh := range st.shards {
			out = append(out, Shard{sh.name(), sh.parentNames(), sh.lo.String(), sh.hi.String(), sh.closed == 0})
		}
		return nil
	})
	return out, err
}

// Records returns what a stream holds, shard by shard in the order of their numbers.
func (s *Server) Records(name string) ([]Record, error) {
	var out []Record
	err := s.with(name, func(st *stream, now millis) error {
		for _, sh := range st.shards {
			out = append(out, sh.dump(now.add(-st.retention))...)
		}
		return nil
	})
	return out, err
}

// dump returns the records that arrived at since or later.
func (sh *shard) dump(since millis) (out []Record) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	p := page{shard: sh}
	from := sh.log.since(since)
	p.runs, _, _ = sh.log.read(from, int(sh.log.next-from), 1<<62)
	p.each(func(number, key, data []byte, _ millis) {
		out = append(out, Record{sh.name(), string(number), string(key), data})
	})
	return out
}
