package kinesislocal

type mergeShardsInput struct {
	streamRef
	ShardToMerge         string
	AdjacentShardToMerge string
}

func (in *mergeShardsInput) target(s *Server) (stream, shard string) {
	name, _ := in.streamRef.target(s)
	return name, in.ShardToMerge
}

func (c *call) mergeShards(in *mergeShardsInput) (any, error) {
	found := new(checks)
	found.required("shardToMerge", in.ShardToMerge != "")
	found.name("shardToMerge", in.ShardToMerge)
	found.required("adjacentShardToMerge", in.AdjacentShardToMerge != "")
	found.name("adjacentShardToMerge", in.AdjacentShardToMerge)
	st, err := c.stream(&in.streamRef, found)
	if err != nil {
		return nil, err
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	if err := st.provisioned(c.op); err != nil {
		return nil, err
	}
	a, b, err := st.mergeable(in.ShardToMerge, in.AdjacentShardToMerge)
	if err != nil {
		return nil, err
	}
	st.becomeLocked(statusUpdating, c.now, c.server.config.Transition, func(at millis) { st.mergeLocked(a, b, at) })
	return nil, nil
}

// mergeable returns two shards by name if they may be merged. mu is held.
func (st *stream) mergeable(first, second string) (a, b *shard, err error) {
	if err := st.active(); err != nil {
		return nil, nil, err
	}
	if a, err = st.openShard(first); err != nil {
		return nil, nil, err
	}
	if b, err = st.openShard(second); err != nil {
		return nil, nil, err
	}
	if !adjacent(a, b) {
		return nil, nil, invalidArgument("Shards %s and %s in stream %s under account %s are not an adjacent pair of shards "+
			"eligible for merging", first, second, st.name, st.server.config.Account)
	}
	return a, b, nil
}
