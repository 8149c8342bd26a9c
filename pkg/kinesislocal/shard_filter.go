package kinesislocal

type shardFilterShape struct {
	Type      string
	ShardId   string
	Timestamp *timestamp
}

type filterKind byte

// The zero filter lets everything through that retention has left, as the service does without one.
const (
	fromTrimHorizon filterKind = iota
	afterShardID
	atTrimHorizon
	atLatest
	atTimestamp
	fromTimestamp
)

var filterKinds = map[string]filterKind{
	"AFTER_SHARD_ID":    afterShardID,
	"AT_TRIM_HORIZON":   atTrimHorizon,
	"FROM_TRIM_HORIZON": fromTrimHorizon,
	"AT_LATEST":         atLatest,
	"AT_TIMESTAMP":      atTimestamp,
	"FROM_TIMESTAMP":    fromTimestamp,
}

func (f *shardFilterShape) check(c *checks) {
	c.oneOf("shardFilter.type", f.Type, "AFTER_SHARD_ID", "AT_TIMESTAMP", "AT_TRIM_HORIZON", "FROM_TIMESTAMP",
		"FROM_TRIM_HORIZON", "AT_LATEST")
	c.name("shardFilter.shardId", f.ShardId)
}

// shardFilter is a checked ShardFilter.
type shardFilter struct {
	kind  filterKind
	after int    // with afterShardID
	at    millis // with atTimestamp and fromTimestamp
}

// filter refuses members that the type doesn't go with, and a type without its member.
func (f *shardFilterShape) filter() (shardFilter, error) {
	out := shardFilter{kind: filterKinds[f.Type]}
	wantsID := out.kind == afterShardID
	wantsTime := out.kind == atTimestamp || out.kind == fromTimestamp
	switch {
	case wantsID != (f.ShardId != ""):
		return out, invalidArgument("ShardId must be specified with ShardFilter type AFTER_SHARD_ID, and with no other.")
	case wantsTime != (f.Timestamp != nil):
		return out, invalidArgument("Timestamp must be specified with ShardFilter types AT_TIMESTAMP and FROM_TIMESTAMP, " +
			"and with no other.")
	}
	if wantsTime {
		out.at = millis(*f.Timestamp)
	}
	if wantsID {
		number, ok := parseShard(f.ShardId)
		if !ok {
			return out, invalidArgument("Invalid ShardId %s in ShardFilter.", f.ShardId)
		}
		out.after = number
	}
	return out, nil
}

// passes reports whether the filter lets sh through, which retention has left. The stream's lock is held.
func (f shardFilter) passes(st *stream, sh *shard, now millis) bool {
	horizon := max(now.add(-st.retention), st.created)
	kind := f.kind
	switch {
	case kind == atTimestamp && f.at < horizon:
		kind = atTrimHorizon
	case kind == fromTimestamp && f.at < horizon:
		kind = fromTrimHorizon
	}
	switch kind {
	case afterShardID:
		return sh.number > f.after
	case atTrimHorizon:
		return st.isRoot(sh)
	case atLatest:
		return sh.closed == 0
	case atTimestamp: // inclusive at both ends: on the instant of a reshard, parents and children
		return sh.opened <= f.at && (sh.closed == 0 || sh.closed >= f.at)
	case fromTimestamp:
		return sh.closed == 0 || sh.closed >= f.at
	}
	return true
}

// isRoot reports whether sh was open at the trim horizon: it is left, and none of its parents is. A parent closes when
// its children open and goes when its closing passes the horizon, so that the two say the same, and no instant is on both
// sides of a reshard: the hash ranges of the roots cover everything once.
func (st *stream) isRoot(sh *shard) bool {
	for _, parent := range sh.parents {
		if st.shard(parent) != nil {
			return false
		}
	}
	return true
}
