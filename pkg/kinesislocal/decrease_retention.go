package kinesislocal

func (c *call) decreaseRetention(in *retentionInput) (any, error) {
	return c.changeRetention(in, func(st *stream, asked, current int) error {
		if asked > current {
			return invalidArgument("Requested retention period (%d hours) for stream %s can not be longer than existing retention "+
				"period (%d hours). Use IncreaseRetentionPeriod API.", asked, st.name, current)
		}
		return nil
	})
}
