package kinesislocal

type splitShardInput struct {
	streamRef
	ShardToSplit       string
	NewStartingHashKey string
}

func (in *splitShardInput) target(s *Server) (stream, shard string) {
	name, _ := in.streamRef.target(s)
	return name, in.ShardToSplit
}

func (c *call) splitShard(in *splitShardInput) (any, error) {
	found := new(checks)
	found.required("shardToSplit", in.ShardToSplit != "")
	found.name("shardToSplit", in.ShardToSplit)
	where, ok := parseHashKey(in.NewStartingHashKey)
	if !ok {
		found.fail("newStartingHashKey", in.NewStartingHashKey, `Member must satisfy regular expression pattern: 0|([1-9]\d{0,38})`)
	}
	st, err := c.stream(&in.streamRef, found)
	if err != nil {
		return nil, err
	}
	if err := c.server.room(1, c.now); err != nil {
		return nil, err
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	if err := st.provisioned(c.op); err != nil {
		return nil, err
	}
	sh, err := st.splittable(in.ShardToSplit, where)
	if err != nil {
		return nil, err
	}
	st.becomeLocked(statusUpdating, c.now, c.server.config.Transition, func(at millis) { st.splitLocked(sh, where, at) })
	return nil, nil
}

// splittable returns the shard with this name if it may be split at where. mu is held.
func (st *stream) splittable(name string, where hashKey) (*shard, error) {
	if err := st.active(); err != nil {
		return nil, err
	}
	sh, err := st.openShard(name)
	if err != nil {
		return nil, err
	}
	if !sh.lo.less(where) || sh.hi.less(where) {
		return nil, invalidArgument("NewStartingHashKey %s used in SplitShard() on shard %s in stream %s under account %s is not "+
			"both greater than one plus the shard's StartingHashKey %s and less than the shard's EndingHashKey %s.",
			where, name, st.name, st.server.config.Account, sh.lo, sh.hi)
	}
	return sh, nil
}
