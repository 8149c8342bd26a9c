package kinesislocal

import "sync"

// handler carries out one operation: it decodes the request, meets limits and faults, and returns what to encode; nil is an
// empty answer.
type handler func(c *call, body []byte) (any, error)

// operations are those that the server knows, one file an operation.
var operations map[string]handler

func init() {
	operations = map[string]handler{ // not an initializer: faults look names up in it
		"CreateStream":                  on((*call).createStream),
		"DecreaseStreamRetentionPeriod": on((*call).decreaseRetention),
		"DeleteStream":                  on((*call).deleteStream),
		"DescribeLimits":                on((*call).describeLimits),
		"DescribeStream":                on((*call).describeStream),
		"DescribeStreamSummary":         on((*call).describeStreamSummary),
		"GetRecords":                    on((*call).getRecords),
		"GetShardIterator":              on((*call).getShardIterator),
		"IncreaseStreamRetentionPeriod": on((*call).increaseRetention),
		"ListShards":                    on((*call).listShards),
		"ListStreams":                   on((*call).listStreams),
		"MergeShards":                   on((*call).mergeShards),
		"PutRecord":                     on((*call).putRecord),
		"PutRecords":                    on((*call).putRecords),
		"SplitShard":                    on((*call).splitShard),
		"UpdateMaxRecordSize":           on((*call).updateMaxRecordSize),
		"UpdateShardCount":              on((*call).updateShardCount),
		"UpdateStreamMode":              on((*call).updateStreamMode),
	}
}

// targeter is a request that says which stream and shard it is for; "" is none, or not one alone.
type targeter interface {
	target(s *Server) (stream, shard string)
}

// on makes a handler of an operation's method.
func on[In any](serve func(*call, *In) (any, error)) handler {
	return func(c *call, body []byte) (any, error) {
		in := new(In)
		if err := c.codec.decode(body, in); err != nil {
			return nil, serialization(err)
		}
		s := c.server
		met := Call{Operation: c.op}
		if t, ok := any(in).(targeter); ok {
			met.Stream, met.Shard = t.target(s)
		}
		met.Number = s.gate.count(c.op)
		fault, err := s.faults.meet(c.ctx, s, met)
		if err != nil {
			return nil, err
		}
		c.damage, c.now = fault, s.now()
		if !s.gate.allow(s.config.Limits.Calls[c.op], met, c.now) {
			if met.Stream != "" {
				return nil, limitExceeded("Rate exceeded for stream %s under account %s.", met.Stream, s.config.Account)
			}
			return nil, limitExceeded("Rate exceeded for account %s.", s.config.Account)
		}
		return serve(c, in)
	}
}

// gate counts calls and keeps the limits that are an account's.
type gate struct {
	mu      sync.Mutex
	calls   map[string]int     // by operation; guarded by mu
	buckets map[string]*bucket // by operation, and stream where the limit is a stream's; guarded by mu
}

// count adds a call and returns its number, from 1.
func (g *gate) count(op string) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.calls[op]++
	return g.calls[op]
}

func (g *gate) allow(rate float64, c Call, now millis) bool {
	if rate == 0 {
		return true
	}
	key := c.Operation
	if c.Operation == "ListShards" {
		key += "/" + c.Stream
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	b := g.buckets[key]
	if b == nil {
		b = new(bucket)
		g.buckets[key] = b
	}
	return b.allow(rate, 1, now)
}

// Calls returns how many calls of an operation have come in so far, whatever was answered.
func (s *Server) Calls(operation string) int {
	s.gate.mu.Lock()
	defer s.gate.mu.Unlock()
	return s.gate.calls[operation]
}
