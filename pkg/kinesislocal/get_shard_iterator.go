package kinesislocal

type getShardIteratorInput struct {
	streamRef
	ShardId                string
	ShardIteratorType      string
	StartingSequenceNumber string
	Timestamp              *timestamp
	DryRun                 bool
}

func (in *getShardIteratorInput) target(s *Server) (stream, shard string) {
	name, _ := in.streamRef.target(s)
	return name, in.ShardId
}

const (
	atSequenceNumber    = "AT_SEQUENCE_NUMBER"
	afterSequenceNumber = "AFTER_SEQUENCE_NUMBER"
	iteratorTrimHorizon = "TRIM_HORIZON"
	iteratorLatest      = "LATEST"
	iteratorAtTimestamp = "AT_TIMESTAMP"
)

func (c *call) getShardIterator(in *getShardIteratorInput) (any, error) {
	found := new(checks)
	found.required("shardId", in.ShardId != "")
	found.name("shardId", in.ShardId)
	found.oneOf("shardIteratorType", in.ShardIteratorType,
		afterSequenceNumber, iteratorLatest, iteratorAtTimestamp, atSequenceNumber, iteratorTrimHorizon)
	st, err := c.stream(&in.streamRef, found)
	if err != nil {
		return nil, err
	}
	st.mu.RLock()
	defer st.mu.RUnlock()
	if err := st.readable(); err != nil {
		return nil, err
	}
	sh, err := st.named(in.ShardId)
	if err != nil {
		return nil, err
	}
	if err := in.check(c.now); err != nil {
		return nil, err
	}
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if !sh.iterators.allow(c.server.config.Limits.GetShardIterator, 1, c.now) {
		return nil, throttled(sh.name(), st.name, c.server.config.Account)
	}
	c.server.held.Add(-sh.log.expire(c.now.add(-st.retention)))
	index, err := in.index(st, sh)
	if err != nil {
		return nil, err
	}
	if in.DryRun {
		return nil, errDryRun()
	}
	it := iterator{st.name, st.created, sh.number, index, c.now}
	return struct{ ShardIterator string }{it.String()}, nil
}

// check refuses members that don't go with the type.
func (in *getShardIteratorInput) check(now millis) error {
	const either = "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or " +
		"(2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified %s and %s StartingSequenceNumber."
	wants := in.ShardIteratorType == atSequenceNumber || in.ShardIteratorType == afterSequenceNumber
	switch {
	case wants && in.StartingSequenceNumber == "":
		return invalidArgument(either, in.ShardIteratorType, "no")
	case !wants && in.StartingSequenceNumber != "":
		return invalidArgument(either, in.ShardIteratorType, "also a")
	case in.ShardIteratorType != iteratorAtTimestamp:
		return nil
	case in.Timestamp == nil:
		return invalidArgument("Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. " +
			"Current request has no timestamp parameter.")
	case millis(*in.Timestamp) > now:
		return invalidArgument("The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. "+
			"timestampInMillis: %d, currentTimestampInMillis: %d", *in.Timestamp, now)
	}
	return nil
}

// index returns the record that the iterator begins at. The locks of st and sh are held.
func (in *getShardIteratorInput) index(st *stream, sh *shard) (uint64, error) {
	switch in.ShardIteratorType {
	case iteratorTrimHorizon:
		return sh.log.base, nil
	case iteratorLatest:
		return sh.log.next, nil
	case iteratorAtTimestamp:
		return sh.log.since(millis(*in.Timestamp)), nil
	}
	account := st.server.config.Account
	s, ok := parseSequence(in.StartingSequenceNumber)
	if !ok {
		return 0, invalidArgument("StartingSequenceNumber %s used in GetShardIterator on shard %s in stream %s under account %s "+
			"is invalid.", in.StartingSequenceNumber, sh.name(), st.name, account)
	}
	if int(s.shard) != sh.number {
		return 0, invalidArgument("Invalid StartingSequenceNumber. It encodes %s, while it was used in a call to a shard with %s",
			shardName(int(s.shard)), sh.name())
	}
	index, ok := sh.log.index(s, in.ShardIteratorType == afterSequenceNumber)
	if !ok || s.epoch != sh.epoch {
		return 0, invalidArgument("StartingSequenceNumber %s used in GetShardIterator on shard %s in stream %s under account %s "+
			"is invalid because it did not come from this stream.", in.StartingSequenceNumber, sh.name(), st.name, account)
	}
	return index, nil
}

func errDryRun() error {
	return refuse("DryRunOperationException", "The request was rejected because the DryRun parameter was specified.")
}
