package kinesislocal

import "time"

type retentionInput struct {
	streamRef
	RetentionPeriodHours *int
}

func (c *call) increaseRetention(in *retentionInput) (any, error) {
	return c.changeRetention(in, func(st *stream, asked, current int) error {
		if asked < current {
			return invalidArgument("Requested retention period (%d hours) for stream %s can not be shorter than existing retention "+
				"period (%d hours). Use DecreaseRetentionPeriod API.", asked, st.name, current)
		}
		return nil
	})
}

// changeRetention sets a stream's retention if refused has nothing against it.
func (c *call) changeRetention(in *retentionInput, refused func(st *stream, asked, current int) error) (any, error) {
	found := new(checks)
	found.required("retentionPeriodHours", in.RetentionPeriodHours != nil)
	st, err := c.stream(&in.streamRef, found)
	if err != nil {
		return nil, err
	}
	hours := *in.RetentionPeriodHours
	switch least, most := int(minRetention.Hours()), int(maxRetention.Hours()); {
	case hours < least:
		return nil, invalidArgument("Minimum allowed retention period is %d hours. Requested retention period (%d hours) is too "+
			"short.", least, hours)
	case hours > most:
		return nil, invalidArgument("Maximum allowed retention period is %d hours. Requested retention period (%d hours) is too "+
			"long.", most, hours)
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	if err := st.active(); err != nil {
		return nil, err
	}
	if err := refused(st, hours, int(st.retention.Hours())); err != nil {
		return nil, err
	}
	st.becomeLocked(statusUpdating, c.now, c.server.config.Transition, func(at millis) {
		st.retention = time.Duration(hours) * time.Hour
		st.expireLocked(at)
	})
	return nil, nil
}
