package kinesislocal

import (
	"fmt"
	"regexp"
	"time"
)

// Config says what a Server is like. The zero value is a server that behaves as the service does, at machine speed.
type Config struct {
	// Addr is where Start listens; empty: 127.0.0.1:0, a free port on loopback.
	Addr string
	// Account is the 12 digits that ARNs and error messages show; empty: 123456789012.
	Account string
	// Region is what ARNs show; empty: us-east-1.
	Region string
	// Limits are how much is let through before the server throttles. nil: ServiceLimits. &Limits{} has none.
	Limits *Limits
	// Transition is how long a stream stays CREATING, UPDATING or DELETING. 0: it is done when the call returns.
	Transition time.Duration
	// MaxBytes bounds what all streams hold in keys and payloads: beyond it the oldest records go, as if their retention
	// had ended. 0: no bound.
	MaxBytes int64
	// Clock is the server's time; nil: SystemClock.
	Clock Clock
}

// Limits are the service's, from its pages "Quotas and limits" and the API reference. Rates are per second, with one
// second's worth saved up while nothing is asked. 0 is no limit.
type Limits struct {
	// GetRecords is calls a shard.
	GetRecords float64
	// ReadBytes is bytes a shard. A reply may overdraw it, and whoever asks before its bytes' worth of time has passed is
	// refused: for 5 s after 10 MiB at 2 MiB/s.
	ReadBytes float64
	// GetShardIterator is calls a shard.
	GetShardIterator float64
	// WriteRecords and WriteBytes (payload and partition key) are a shard's. A record larger than WriteBytes is taken when
	// the whole second is there.
	WriteRecords, WriteBytes float64
	// Calls is calls an account by the operation's name; ListShards is counted by stream.
	Calls map[string]float64
	// Shards is open shards of provisioned streams an account.
	Shards int
	// Scale is the factor by which one UpdateShardCount may move the number of shards, up or down.
	Scale float64
}

// ServiceLimits returns the limits that an account has by default in the largest regions. The value is the caller's.
func ServiceLimits() Limits {
	return Limits{
		GetRecords:       5,
		ReadBytes:        2 << 20,
		GetShardIterator: 5,
		WriteRecords:     1000,
		WriteBytes:       1 << 20,
		Shards:           20_000,
		Scale:            2,
		Calls: map[string]float64{
			"CreateStream": 5, "DeleteStream": 5, "DescribeLimits": 1, "DescribeStream": 10, "DescribeStreamSummary": 20,
			"ListShards": 1000, "ListStreams": 5, "MergeShards": 5, "SplitShard": 5, "UpdateShardCount": 10,
			"UpdateStreamMode": 5, "UpdateMaxRecordSize": 5,
			"IncreaseStreamRetentionPeriod": 5, "DecreaseStreamRetentionPeriod": 5,
		},
	}
}

var accountPattern = regexp.MustCompile(`^\d{12}$`)

// complete fills in what c leaves open, and says what can't be.
func (c Config) complete() (Config, error) {
	if c.Addr == "" {
		c.Addr = "127.0.0.1:0"
	}
	if c.Account == "" {
		c.Account = "123456789012"
	}
	if c.Region == "" {
		c.Region = "us-east-1"
	}
	if c.Limits == nil {
		l := ServiceLimits()
		c.Limits = &l
	}
	if c.Clock == nil {
		c.Clock = SystemClock{}
	}
	switch {
	case !accountPattern.MatchString(c.Account):
		return c, fmt.Errorf("account %q is not 12 digits", c.Account)
	case c.Transition < 0:
		return c, fmt.Errorf("transition %v is negative", c.Transition)
	case c.MaxBytes < 0:
		return c, fmt.Errorf("bound of %d bytes is negative", c.MaxBytes)
	}
	return c, nil
}
