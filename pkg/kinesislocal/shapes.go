package kinesislocal

// streamRef is how most requests name a stream: by name, by ARN, or by both.
type streamRef struct {
	StreamName string
	StreamARN  string
}

// check looks at the form of the name; whether one is there, resolve asks.
func (r *streamRef) check(c *checks) { c.name("streamName", r.StreamName) }

// resolve returns the stream's name.
func (r *streamRef) resolve(s *Server) (string, error) {
	if r.StreamARN == "" {
		if r.StreamName == "" {
			return "", invalidArgument("Either StreamName or StreamARN should be provided.")
		}
		return r.StreamName, nil
	}
	name, err := s.streamOfARN(r.StreamARN)
	if err != nil {
		return "", err
	}
	if r.StreamName != "" && r.StreamName != name {
		return "", invalidArgument("StreamName %s does not match StreamARN %s.", r.StreamName, r.StreamARN)
	}
	return name, nil
}

// target implements targeter for requests without a shard.
func (r *streamRef) target(s *Server) (stream, shard string) {
	name, _ := r.resolve(s) // the operation itself says what is wrong with it
	return name, ""
}

// stream returns the stream that a request names, once its members have been found well-formed.
func (c *call) stream(r *streamRef, found *checks) (*stream, error) {
	r.check(found)
	if err := found.err(); err != nil {
		return nil, err
	}
	name, err := r.resolve(c.server)
	if err != nil {
		return nil, err
	}
	return c.server.stream(name, c.now)
}

type hashRangeShape struct {
	StartingHashKey string
	EndingHashKey   string
}

type sequenceRangeShape struct {
	StartingSequenceNumber string
	EndingSequenceNumber   string `json:",omitempty"`
}

type shardShape struct {
	ShardId               string
	ParentShardId         string `json:",omitempty"`
	AdjacentParentShardId string `json:",omitempty"`
	HashKeyRange          hashRangeShape
	SequenceNumberRange   sequenceRangeShape
}

type childShape struct {
	ShardId      string
	ParentShards []string
	HashKeyRange hashRangeShape
}

func (sh *shard) hashRange() hashRangeShape { return hashRangeShape{sh.lo.String(), sh.hi.String()} }

func (sh *shard) parentNames() []string {
	names := make([]string, 0, len(sh.parents))
	for _, number := range sh.parents {
		names = append(names, shardName(number))
	}
	return names
}

// shape returns what listings say of sh. The stream's lock is held.
func (sh *shard) shape() shardShape {
	out := shardShape{
		ShardId:             sh.name(),
		HashKeyRange:        sh.hashRange(),
		SequenceNumberRange: sequenceRangeShape{StartingSequenceNumber: sh.starting().String()},
	}
	if sh.closed != 0 {
		out.SequenceNumberRange.EndingSequenceNumber = sh.ending().String()
	}
	if len(sh.parents) > 0 {
		out.ParentShardId = shardName(sh.parents[0])
	}
	if len(sh.parents) > 1 {
		out.AdjacentParentShardId = shardName(sh.parents[1])
	}
	return out
}

// childShapes returns what the last page of a closed shard says. The stream's lock is held.
func (sh *shard) childShapes() []childShape {
	out := make([]childShape, 0, len(sh.children))
	for _, child := range sh.children {
		out = append(out, childShape{child.name(), child.parentNames(), child.hashRange()})
	}
	return out
}

type modeShape struct {
	StreamMode string
}

type monitoringShape struct {
	ShardLevelMetrics []string
}

// noMonitoring is what a stream says that has no enhanced metrics: the server keeps none.
var noMonitoring = []monitoringShape{{ShardLevelMetrics: []string{}}}
