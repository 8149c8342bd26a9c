package kinesislocal

type listShardsInput struct {
	streamRef
	NextToken               string
	ExclusiveStartShardId   string
	MaxResults              *int
	StreamCreationTimestamp *timestamp
	ShardFilter             *shardFilterShape
}

type listShardsOutput struct {
	Shards    []shardShape
	NextToken string `json:",omitempty"`
}

// listedShards is the most shards of a page, whatever MaxResults says.
const listedShards = 1000

// target implements targeter: a token names its stream too.
func (in *listShardsInput) target(s *Server) (stream, shard string) {
	if c, ok := parseCursor(in.NextToken); ok {
		return c.stream, ""
	}
	return in.streamRef.target(s)
}

func (c *call) listShards(in *listShardsInput) (any, error) {
	var found checks
	in.check(&found)
	found.name("exclusiveStartShardId", in.ExclusiveStartShardId)
	found.between("maxResults", in.MaxResults, 1, 10_000)
	if in.ShardFilter != nil {
		in.ShardFilter.check(&found)
	}
	if err := found.err(); err != nil {
		return nil, err
	}
	from, err := c.cursor(in)
	if err != nil {
		return nil, err
	}
	st, err := c.server.stream(from.stream, c.now)
	if err != nil {
		return nil, err
	}
	st.mu.RLock()
	defer st.mu.RUnlock()
	switch {
	case in.StreamCreationTimestamp != nil && millis(*in.StreamCreationTimestamp) != st.created,
		in.NextToken != "" && from.created != st.created:
		return nil, notFound(st.name, c.server.config.Account)
	case st.status == statusCreating || st.status == statusDeleting:
		return nil, inUse("Stream %s under account %s not ACTIVE, instead in state %s", st.name, c.server.config.Account, st.status)
	}
	limit := listedShards
	if in.MaxResults != nil {
		limit = min(limit, *in.MaxResults)
	}
	from.created = st.created
	return st.page(from, limit, c.now), nil
}

// cursor returns where the listing goes on, or begins.
func (c *call) cursor(in *listShardsInput) (cursor, error) {
	if in.NextToken == "" {
		from := cursor{after: -1}
		var err error
		if from.stream, err = in.resolve(c.server); err != nil {
			return from, err
		}
		if in.ExclusiveStartShardId != "" {
			number, ok := parseShard(in.ExclusiveStartShardId)
			if !ok {
				return from, invalidArgument("Invalid ExclusiveStartShardId %s.", in.ExclusiveStartShardId)
			}
			from.after = number
		}
		if in.ShardFilter != nil {
			from.filter, err = in.ShardFilter.filter()
		}
		return from, err
	}
	switch {
	case in.StreamName != "" || in.StreamARN != "":
		return cursor{}, invalidArgument("NextToken and StreamName cannot be provided together.")
	case in.StreamCreationTimestamp != nil:
		return cursor{}, invalidArgument("NextToken and StreamCreationTimestamp cannot be provided together.")
	case in.ExclusiveStartShardId != "":
		return cursor{}, invalidArgument("NextToken and ExclusiveStartShardId cannot be provided together.")
	case in.ShardFilter != nil:
		return cursor{}, invalidArgument("NextToken and ShardFilter cannot be provided together.")
	}
	from, ok := parseCursor(in.NextToken)
	if !ok {
		return from, invalidArgument("Invalid NextToken.")
	}
	if c.now > from.issued.add(tokenLife) {
		return from, expiredToken()
	}
	return from, nil
}

// page returns the shards behind from that its filter lets through. mu is held.
func (st *stream) page(from cursor, limit int, now millis) listShardsOutput {
	out := listShardsOutput{Shards: []shardShape{}}
	last := from.after
	for _, sh := range st.shards {
		if sh.number <= from.after || !from.filter.passes(st, sh, now) {
			continue
		}
		if len(out.Shards) == limit {
			from.after, from.issued = last, now
			out.NextToken = from.String()
			break
		}
		out.Shards = append(out.Shards, sh.shape())
		last = sh.number
	}
	return out
}
