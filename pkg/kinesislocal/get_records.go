package kinesislocal

import "time"

type getRecordsInput struct {
	ShardIterator string
	Limit         *int
	StreamARN     string
	DryRun        bool
}

const (
	pageRecords = 10_000
	pageBytes   = 10 << 20
)

// target implements targeter: the iterator names the shard.
func (in *getRecordsInput) target(*Server) (stream, shard string) {
	if it, ok := parseIterator(in.ShardIterator); ok {
		return it.stream, shardName(it.shard)
	}
	return "", ""
}

func (c *call) getRecords(in *getRecordsInput) (any, error) {
	var found checks
	found.required("shardIterator", in.ShardIterator != "")
	if in.Limit != nil && *in.Limit < 1 {
		found.between("limit", in.Limit, 1, pageRecords)
	}
	if err := found.err(); err != nil {
		return nil, err
	}
	limit := pageRecords
	if in.Limit != nil {
		if limit = *in.Limit; limit > pageRecords {
			return nil, invalidArgument("Limit %d exceeds the maximum of %d.", limit, pageRecords)
		}
	}
	it, err := c.iterator(in)
	if err != nil {
		return nil, err
	}
	st, err := c.server.stream(it.stream, c.now)
	if err == nil && st.created != it.created {
		err = notFound(it.stream, c.server.config.Account)
	}
	if err != nil {
		return nil, err
	}
	p, err := c.page(st, it, limit, in.DryRun)
	if err != nil {
		return nil, err
	}
	return encoded(c.codec.page(p)), nil
}

// iterator reads the iterator of a request and looks at its age.
func (c *call) iterator(in *getRecordsInput) (iterator, error) {
	it, ok := parseIterator(in.ShardIterator)
	if !ok {
		return it, invalidArgument("Invalid ShardIterator.")
	}
	if c.now > it.issued.add(iteratorLife) {
		return it, refuse("ExpiredIteratorException", "Iterator expired. The iterator was created at time %s while right now it "+
			"is %s which is further in the future than the tolerated delay of %d milliseconds.",
			it.issued.time().Format(time.UnixDate), c.now.time().Format(time.UnixDate), iteratorLife.Milliseconds())
	}
	if in.StreamARN != "" {
		name, err := c.server.streamOfARN(in.StreamARN)
		if err != nil {
			return it, err
		}
		if name != it.stream {
			return it, invalidArgument("The StreamARN %s does not match the stream of the ShardIterator.", in.StreamARN)
		}
	}
	return it, nil
}

// page takes what is to be answered out of the log. What it returns is encoded when the locks have been given back.
func (c *call) page(st *stream, it iterator, limit int, dryRun bool) (*page, error) {
	limits := c.server.config.Limits
	st.mu.RLock()
	defer st.mu.RUnlock()
	if err := st.readable(); err != nil {
		return nil, err
	}
	sh := st.shard(it.shard)
	if sh == nil {
		return nil, st.noShard(shardName(it.shard))
	}
	sh.mu.Lock()
	defer sh.mu.Unlock()
	switch {
	case it.index > sh.log.next:
		return nil, invalidArgument("Invalid ShardIterator.")
	case !sh.reads.open(c.now) || !sh.calls.allow(limits.GetRecords, 1, c.now):
		return nil, throttled(sh.name(), st.name, c.server.config.Account)
	case dryRun:
		return nil, errDryRun()
	}
	c.server.held.Add(-sh.log.expire(c.now.add(-st.retention)))
	p := &page{shard: sh}
	index := max(it.index, sh.log.base)
	p.runs, p.count, p.bytes = sh.log.read(index, limit, pageBytes)
	sh.reads.charge(limits.ReadBytes, p.bytes, c.now)
	index += uint64(p.count)
	atEnd := index == sh.log.next
	if atEnd && sh.closed != 0 {
		p.children, p.behind = sh.childShapes(), max(0, c.now-sh.closed)
		return p, nil
	}
	if !atEnd {
		p.behind = max(1, c.now-sh.log.at(index-1)) // 0 would say that there is no more
	}
	p.next = iterator{it.stream, it.created, it.shard, index, c.now}.String()
	return p, nil
}
