package kinesislocal

import "time"

type deleteStreamInput struct {
	streamRef
}

func (c *call) deleteStream(in *deleteStreamInput) (any, error) {
	st, err := c.stream(&in.streamRef, new(checks))
	if err != nil {
		return nil, err
	}
	return nil, st.remove(c.now, c.server.config.Transition)
}

// remove deletes the stream; its records go when the transition ends. The next look-up of its name finds none.
func (st *stream) remove(now millis, transition time.Duration) error {
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.status == statusDeleting {
		return inUse("Stream %s under account %s is being deleted", st.name, st.server.config.Account)
	}
	st.becomeLocked(statusDeleting, now, transition, func(millis) {
		st.gone, st.status = true, statusDeleting
		for _, sh := range st.shards {
			st.server.release(sh)
		}
		st.shards, st.open = nil, nil
	})
	return nil
}
