package kinesislocal

type updateStreamModeInput struct {
	StreamARN         string
	StreamModeDetails *modeShape
}

func (in *updateStreamModeInput) target(s *Server) (stream, shard string) {
	return (&streamRef{StreamARN: in.StreamARN}).target(s)
}

func (c *call) updateStreamMode(in *updateStreamModeInput) (any, error) {
	found := new(checks)
	found.required("streamARN", in.StreamARN != "")
	if found.required("streamModeDetails", in.StreamModeDetails != nil); in.StreamModeDetails != nil {
		found.oneOf("streamModeDetails.streamMode", in.StreamModeDetails.StreamMode, modeProvisioned, modeOnDemand)
	}
	st, err := c.stream(&streamRef{StreamARN: in.StreamARN}, found)
	if err != nil {
		return nil, err
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	if err := st.active(); err != nil {
		return nil, err
	}
	st.becomeLocked(statusUpdating, c.now, c.server.config.Transition, func(millis) {
		st.mode = in.StreamModeDetails.StreamMode
	})
	return nil, nil
}
