// Package kcl reads the lease tables of applications that use the Kinesis Client Library, 2.x and 3.x: a DynamoDB table by
// the application's name, in which each shard's row says who reads it and how far. It only reads.
package kcl

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/kstream/kstream/pkg/record"
)

// The checkpoints that are no sequence numbers.
const (
	TrimHorizon = "TRIM_HORIZON"
	Latest      = "LATEST"
	AtTimestamp = "AT_TIMESTAMP" // the time itself is in no table: each worker is configured with it
	ShardEnd    = "SHARD_END"
)

// Lease is one shard's row.
type Lease struct {
	Key    string
	Stream Stream // the zero Stream in the table of an application that reads one
	Shard  string
	// Owner is the worker that reads the shard, or is to: "" where there is none. It stays when its worker is gone.
	Owner string
	// Releasing is the worker that still reads while Owner waits for it to finish, "" but during such a hand-over of 3.x.
	Releasing string
	// Counter grows with every renewal and checkpoint, so that a row whose counter stands still has a worker that is gone.
	Counter int64
	// Checkpoint is the sequence number that was handled last, or one of the constants; Subsequence is the index in an
	// aggregate of what was handled of it.
	Checkpoint  string
	Subsequence int64
	Parents     []string // shards
	// BytesPerSecond is what 3.x measured, smoothed; nil where no worker of that version has.
	BytesPerSecond *float64
}

// Stream is which stream a lease of an application that reads several is of.
type Stream struct {
	Account string
	Name    string
	Created int64 // Unix seconds: one that was deleted and made again is another
}

// Ended reports whether all of the shard has been handled.
func (l *Lease) Ended() bool { return l.Checkpoint == ShardEnd }

// Handled returns what was handled last. ok is false where the row holds one of the constants.
func (l *Lease) Handled() (s record.Sequence, ok bool) {
	return record.Sequence(l.Checkpoint), isNumber(l.Checkpoint)
}

// item is a row as DynamoDB has it.
type item map[string]types.AttributeValue

// kind is what a row is about: LEASE, or one of what 3.x keeps beside the leases. 2.x, and 3.x up to 3.4, do not say.
func (i item) kind() string {
	if kind := i.text("entityType"); kind != "" {
		return kind
	}
	if i["checkpoint"] == nil || i["leaseCounter"] == nil {
		return "" // Migration3.0 and its like, of a version that wrote them without a kind
	}
	return "LEASE"
}

// lease reads a row of kind LEASE.
func (i item) lease() (Lease, error) {
	l := Lease{
		Key: i.text("leaseKey"), Owner: i.text("leaseOwner"), Releasing: i.text("checkpointOwner"),
		Checkpoint: i.text("checkpoint"), Parents: i.texts("parentShardId"),
	}
	var err error
	if l.Stream, l.Shard, err = parseKey(l.Key); err != nil {
		return Lease{}, err
	}
	switch l.Checkpoint {
	case TrimHorizon, Latest, AtTimestamp, ShardEnd:
	default:
		if !isNumber(l.Checkpoint) {
			return Lease{}, fmt.Errorf("lease %s: checkpoint %q is no sequence number", l.Key, l.Checkpoint)
		}
	}
	if l.Counter, err = i.whole("leaseCounter"); err != nil {
		return Lease{}, fmt.Errorf("lease %s: %w", l.Key, err)
	}
	if l.Subsequence, err = i.whole("checkpointSubSequenceNumber"); err != nil {
		return Lease{}, fmt.Errorf("lease %s: %w", l.Key, err)
	}
	for n, parent := range l.Parents {
		if _, l.Parents[n], err = parseKey(parent); err != nil {
			return Lease{}, fmt.Errorf("lease %s: parent: %w", l.Key, err)
		}
	}
	if n, ok := i["throughputKBps"].(*types.AttributeValueMemberN); ok {
		if kb, err := strconv.ParseFloat(n.Value, 64); err == nil { // Java writes 2.0E-6
			bytes := kb * 1024
			l.BytesPerSecond = &bytes
		}
	}
	return l, nil
}

// parseKey reads a lease's key: a shard's name, or account:stream:created:shard where the application reads several streams.
func parseKey(key string) (Stream, string, error) {
	parts := strings.Split(key, ":")
	switch {
	case len(parts) == 1 && key != "":
		return Stream{}, key, nil
	case len(parts) == 4 && parts[1] != "" && parts[3] != "":
		if created, err := strconv.ParseInt(parts[2], 10, 64); err == nil {
			return Stream{Account: parts[0], Name: parts[1], Created: created}, parts[3], nil
		}
	}
	return Stream{}, "", fmt.Errorf("%q is neither a shard nor account:stream:created:shard", key)
}

func isNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

func (i item) text(name string) string {
	if s, ok := i[name].(*types.AttributeValueMemberS); ok {
		return s.Value
	}
	return ""
}

// texts reads a set of strings, which owns what it returns.
func (i item) texts(name string) []string {
	if s, ok := i[name].(*types.AttributeValueMemberSS); ok {
		return append([]string(nil), s.Value...)
	}
	return nil
}

// whole reads a whole number, 0 where there is none.
func (i item) whole(name string) (int64, error) {
	switch v := i[name].(type) {
	case nil:
		return 0, nil
	case *types.AttributeValueMemberN:
		if n, err := strconv.ParseInt(v.Value, 10, 64); err == nil {
			return n, nil
		}
		return 0, fmt.Errorf("%s %q is no whole number", name, v.Value)
	}
	return 0, fmt.Errorf("%s is no number", name)
}
