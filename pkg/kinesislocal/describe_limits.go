package kinesislocal

type describeLimitsInput struct{}

type describeLimitsOutput struct {
	ShardLimit               int
	OpenShardCount           int
	OnDemandStreamCount      int
	OnDemandStreamCountLimit int
}

// onDemandStreams is how many on-demand streams an account may have by default. It is told and not enforced.
const onDemandStreams = 50

func (c *call) describeLimits(*describeLimitsInput) (any, error) {
	onDemand := 0
	for _, st := range c.server.all(c.now) {
		st.mu.RLock()
		if st.mode == modeOnDemand {
			onDemand++
		}
		st.mu.RUnlock()
	}
	return describeLimitsOutput{
		ShardLimit:               c.server.config.Limits.Shards,
		OpenShardCount:           c.server.openShards(c.now),
		OnDemandStreamCount:      onDemand,
		OnDemandStreamCountLimit: onDemandStreams,
	}, nil
}
