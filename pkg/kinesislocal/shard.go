package kinesislocal

import (
	"fmt"
	"sync"
	"time"
)

// shard is one shard of a stream. It is open while closed is 0.
type shard struct {
	number  int
	epoch   uint64 // see sequence
	lo, hi  hashKey
	parents []int // numbers: a parent may have outlived its retention
	opened  millis

	closed   millis   // guarded by stream.mu
	children []*shard // guarded by stream.mu

	mu        sync.Mutex
	log       log    // guarded by mu
	calls     bucket // of GetRecords; guarded by mu
	reads     pause  // guarded by mu
	iterators bucket // guarded by mu
	records   bucket // written; guarded by mu
	written   bucket // bytes; guarded by mu
}

func shardName(number int) string { return fmt.Sprintf("shardId-%012d", number) }

// parseShard reads a shard's number; ok is false for what can be no shard's name.
func parseShard(name string) (number int, ok bool) {
	const prefix = "shardId-"
	if len(name) != len(prefix)+12 || name[:len(prefix)] != prefix {
		return 0, false
	}
	n, ok := digits(name[len(prefix):])
	return int(n), ok && n <= 1<<31-1
}

func (sh *shard) name() string { return shardName(sh.number) }

func (sh *shard) sequence(index uint64, arrival millis) sequence {
	return sequence{sh.epoch, index, uint64(arrival) / 1000, uint32(sh.number)}
}

// starting is the number below that of every record. A child's epoch may lie a little ahead of the clock.
func (sh *shard) starting() sequence {
	return sequence{epoch: sh.epoch, second: sh.epoch, shard: uint32(sh.number)}
}

// ending is the number above that of every record of a closed shard.
func (sh *shard) ending() sequence { return sh.sequence(lastIndex, sh.closed) }

// expired reports whether nothing can be left of a closed shard. The stream's lock is held.
func (sh *shard) expired(retention time.Duration, now millis) bool {
	return sh.closed != 0 && sh.closed.add(retention) <= now
}

// index returns where reading begins that asks for s, or what comes right behind it. ok is false where s is no number
// that this shard can have given.
func (l *log) index(s sequence, behind bool) (index uint64, ok bool) {
	switch {
	case s.index == 0: // StartingSequenceNumber: no record has it
		return l.base, true
	case s.index == lastIndex: // EndingSequenceNumber
		return l.next, true
	case s.index >= l.next:
		return 0, false
	case s.index < l.base: // trimmed
		return l.base, true
	}
	kept := s
	kept.second = uint64(l.at(s.index)) / 1000
	if order := s.compare(kept); order > 0 || order == 0 && behind {
		return s.index + 1, true
	}
	return s.index, true
}

// oldest returns when the oldest record arrived; ok is false where there is none.
func (sh *shard) oldest() (arrival millis, ok bool) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if sh.log.base == sh.log.next {
		return 0, false
	}
	return sh.log.at(sh.log.base), true
}
