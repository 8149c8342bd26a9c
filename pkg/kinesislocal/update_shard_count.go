package kinesislocal

type updateShardCountInput struct {
	streamRef
	TargetShardCount *int
	ScalingType      string
}

type updateShardCountOutput struct {
	StreamName        string
	StreamARN         string
	CurrentShardCount int
	TargetShardCount  int
}

// maxShards is the most that UpdateShardCount scales to.
const maxShards = 10_000

func (c *call) updateShardCount(in *updateShardCountInput) (any, error) {
	found := new(checks)
	found.required("targetShardCount", in.TargetShardCount != nil)
	found.between("targetShardCount", in.TargetShardCount, 1, 100_000)
	found.oneOf("scalingType", in.ScalingType, "UNIFORM_SCALING")
	st, err := c.stream(&in.streamRef, found)
	if err != nil {
		return nil, err
	}
	st.mu.RLock()
	current := len(st.open)
	st.mu.RUnlock()
	target := *in.TargetShardCount
	if err := c.server.room(target-current, c.now); err != nil {
		return nil, err
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	current = len(st.open)
	if err := st.scalable(target); err != nil {
		return nil, err
	}
	st.becomeLocked(statusUpdating, c.now, c.server.config.Transition, func(at millis) { st.scaleLocked(target, at) })
	return updateShardCountOutput{st.name, st.arn, current, target}, nil
}

// scalable refuses a number of shards that the service doesn't scale to. mu is held.
func (st *stream) scalable(target int) error {
	if err := st.active(); err != nil {
		return err
	}
	if err := st.provisioned("UpdateShardCount"); err != nil {
		return err
	}
	account, current := st.server.config.Account, len(st.open)
	factor := st.server.config.Limits.Scale
	switch {
	case target > maxShards:
		return invalidArgument("UpdateShardCount cannot scale up over %d shards.", maxShards)
	case factor > 0 && float64(target) > float64(current)*factor:
		return invalidArgument("UpdateShardCount cannot scale up over double your current open shard count. Current open "+
			"shard count: %d Target shard count: %d", current, target)
	case factor > 0 && float64(target)*factor < float64(current):
		return invalidArgument("UpdateShardCount cannot scale down below half your current open shard count. Current open "+
			"shard count: %d Target shard count: %d", current, target)
	case target == current:
		return invalidArgument("Target shard count %d is the current open shard count of stream %s under account %s.",
			target, st.name, account)
	}
	return nil
}
