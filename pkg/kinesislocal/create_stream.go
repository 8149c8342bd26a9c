package kinesislocal

import "time"

type createStreamInput struct {
	StreamName         string
	ShardCount         *int
	StreamModeDetails  *modeShape
	MaxRecordSizeInKiB *int
}

func (in *createStreamInput) target(*Server) (stream, shard string) { return in.StreamName, "" }

func (in *createStreamInput) check() error {
	var c checks
	c.required("streamName", in.StreamName != "")
	c.name("streamName", in.StreamName)
	c.between("shardCount", in.ShardCount, 1, 100_000)
	c.between("maxRecordSizeInKiB", in.MaxRecordSizeInKiB, minRecordKiB, maxRecordKiB)
	if in.StreamModeDetails != nil {
		c.oneOf("streamModeDetails.streamMode", in.StreamModeDetails.StreamMode, modeProvisioned, modeOnDemand)
	}
	return c.err()
}

func (c *call) createStream(in *createStreamInput) (any, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	def := definition{mode: modeProvisioned, recordKiB: minRecordKiB}
	if in.StreamModeDetails != nil {
		def.mode = in.StreamModeDetails.StreamMode
	}
	if in.MaxRecordSizeInKiB != nil {
		def.recordKiB = *in.MaxRecordSizeInKiB
	}
	switch {
	case def.mode == modeOnDemand && in.ShardCount != nil:
		return nil, invalidArgument("ShardCount must not be specified for an ON_DEMAND stream.")
	case def.mode == modeOnDemand:
		def.shards = onDemandShards
	case in.ShardCount == nil:
		return nil, invalidArgument("ShardCount is required for a PROVISIONED stream.")
	default:
		def.shards = *in.ShardCount
		if err := c.server.room(def.shards, c.now); err != nil {
			return nil, err
		}
	}
	return nil, c.server.create(in.StreamName, def, c.now, c.server.config.Transition)
}

// definition is what a stream begins with.
type definition struct {
	shards    int
	mode      string
	recordKiB int
}

// create adds a stream that becomes ACTIVE after the transition.
func (s *Server) create(name string, def definition, now millis, transition time.Duration) error {
	if _, err := s.stream(name, now); err == nil { // also lets go of one that has been deleted
		return inUse("Stream %s under account %s already exists.", name, s.config.Account)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.streams[name] != nil {
		return inUse("Stream %s under account %s already exists.", name, s.config.Account)
	}
	st := &stream{
		server: s, name: name, arn: s.arn(name), created: now,
		mode: def.mode, retention: minRetention, recordKiB: def.recordKiB, expiry: neverExpires,
	}
	if last, ok := s.epochs[name]; ok {
		st.epoch = last + 1 // no sequence number of the stream that had this name may pass for one of this
	}
	st.becomeLocked(statusCreating, now, transition, func(millis) { st.populateLocked(def.shards) })
	s.streams[name] = st
	return nil
}

// room refuses shards beyond what the account may have.
func (s *Server) room(more int, now millis) error {
	limit := s.config.Limits.Shards
	if limit == 0 {
		return nil
	}
	if open := s.openShards(now); open+more > limit {
		return limitExceeded("This request would exceed the shard limit for the account %s in %s. Current shard count for the "+
			"account: %d. Limit: %d. Number of additional shards that would have resulted from this request: %d.",
			s.config.Account, s.config.Region, open, limit, more)
	}
	return nil
}

// openShards counts the open shards of provisioned streams.
func (s *Server) openShards(now millis) int {
	n := 0
	for _, st := range s.all(now) {
		st.mu.RLock()
		if st.mode == modeProvisioned {
			n += len(st.open)
		}
		st.mu.RUnlock()
	}
	return n
}
