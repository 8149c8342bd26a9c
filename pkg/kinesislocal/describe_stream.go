package kinesislocal

type describeStreamInput struct {
	streamRef
	Limit                 *int
	ExclusiveStartShardId string
}

type streamDescription struct {
	StreamName              string
	StreamARN               string
	StreamStatus            string
	StreamModeDetails       modeShape
	Shards                  []shardShape
	HasMoreShards           bool
	RetentionPeriodHours    int
	StreamCreationTimestamp timestamp
	EnhancedMonitoring      []monitoringShape
	EncryptionType          string
}

// describeShards is the most shards that DescribeStream gives, whatever Limit says.
const describeShards = 100

func (c *call) describeStream(in *describeStreamInput) (any, error) {
	found := new(checks)
	found.between("limit", in.Limit, 1, 10_000)
	found.name("exclusiveStartShardId", in.ExclusiveStartShardId)
	st, err := c.stream(&in.streamRef, found)
	if err != nil {
		return nil, err
	}
	limit := describeShards
	if in.Limit != nil {
		limit = min(limit, *in.Limit)
	}
	st.mu.RLock()
	defer st.mu.RUnlock()
	shards, more := []shardShape{}, false
	for _, sh := range st.shards {
		if sh.name() <= in.ExclusiveStartShardId {
			continue
		}
		if more = len(shards) == limit; more {
			break
		}
		shards = append(shards, sh.shape())
	}
	return struct{ StreamDescription streamDescription }{streamDescription{
		StreamName: st.name, StreamARN: st.arn, StreamStatus: st.status, StreamModeDetails: modeShape{st.mode},
		Shards: shards, HasMoreShards: more, RetentionPeriodHours: int(st.retention.Hours()),
		StreamCreationTimestamp: timestamp(st.created), EnhancedMonitoring: noMonitoring, EncryptionType: "NONE",
	}}, nil
}
