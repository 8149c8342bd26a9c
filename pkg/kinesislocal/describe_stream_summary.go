package kinesislocal

type describeStreamSummaryInput struct {
	streamRef
}

type streamSummary struct {
	StreamName              string
	StreamARN               string
	StreamStatus            string
	StreamModeDetails       modeShape
	RetentionPeriodHours    int
	StreamCreationTimestamp timestamp
	EnhancedMonitoring      []monitoringShape
	EncryptionType          string
	OpenShardCount          int
	ConsumerCount           int
	MaxRecordSizeInKiB      int
}

func (c *call) describeStreamSummary(in *describeStreamSummaryInput) (any, error) {
	st, err := c.stream(&in.streamRef, new(checks))
	if err != nil {
		return nil, err
	}
	st.mu.RLock()
	defer st.mu.RUnlock()
	return struct{ StreamDescriptionSummary streamSummary }{streamSummary{
		StreamName: st.name, StreamARN: st.arn, StreamStatus: st.status, StreamModeDetails: modeShape{st.mode},
		RetentionPeriodHours: int(st.retention.Hours()), StreamCreationTimestamp: timestamp(st.created),
		EnhancedMonitoring: noMonitoring, EncryptionType: "NONE",
		OpenShardCount: len(st.open), MaxRecordSizeInKiB: st.recordKiB,
	}}, nil
}
