package kinesislocal

type updateMaxRecordSizeInput struct {
	StreamARN          string
	MaxRecordSizeInKiB *int
}

func (in *updateMaxRecordSizeInput) target(s *Server) (stream, shard string) {
	return (&streamRef{StreamARN: in.StreamARN}).target(s)
}

func (c *call) updateMaxRecordSize(in *updateMaxRecordSizeInput) (any, error) {
	found := new(checks)
	found.required("streamARN", in.StreamARN != "")
	found.required("maxRecordSizeInKiB", in.MaxRecordSizeInKiB != nil)
	found.between("maxRecordSizeInKiB", in.MaxRecordSizeInKiB, minRecordKiB, maxRecordKiB)
	st, err := c.stream(&streamRef{StreamARN: in.StreamARN}, found)
	if err != nil {
		return nil, err
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	if err := st.active(); err != nil {
		return nil, err
	}
	st.becomeLocked(statusUpdating, c.now, c.server.config.Transition, func(millis) { st.recordKiB = *in.MaxRecordSizeInKiB })
	return nil, nil
}
