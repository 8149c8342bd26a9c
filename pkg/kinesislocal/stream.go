package kinesislocal

import (
	"slices"
	"sort"
	"sync"
	"time"
)

// What DescribeStream says of a stream.
const (
	statusCreating = "CREATING"
	statusActive   = "ACTIVE"
	statusUpdating = "UPDATING"
	statusDeleting = "DELETING"

	modeProvisioned = "PROVISIONED"
	modeOnDemand    = "ON_DEMAND"
)

// The range of a stream's retention, and what it is at first; of its record size in KiB, and how many shards an on-demand
// stream begins with.
const (
	minRetention   = 24 * time.Hour
	maxRetention   = 365 * 24 * time.Hour
	minRecordKiB   = 1024
	maxRecordKiB   = 10 * 1024
	onDemandShards = 4
	neverExpires   = millis(1<<63 - 1)
)

// stream is one stream. Its shards are listed twice: all that retention has left, by number, and the open ones, by hash
// range.
type stream struct {
	server  *Server
	name    string
	arn     string
	created millis

	mu        sync.RWMutex
	status    string          // guarded by mu, like all that follows
	mode      string          //
	retention time.Duration   //
	recordKiB int             //
	shards    []*shard        //
	open      []*shard        //
	next      int             // the number of the shard that comes next
	epoch     uint64          // the highest of its shards
	due       millis          // when change is to happen
	change    func(at millis) // what makes the stream ACTIVE again; nil: nothing is under way
	expiry    millis          // when the first closed shard expires
	gone      bool            // deleted
}

// settle brings the stream up to now: a change that is due happens, shards that have expired go.
func (st *stream) settle(now millis) {
	st.mu.RLock()
	due := st.change != nil && st.due <= now || st.expiry <= now
	st.mu.RUnlock()
	if due {
		st.mu.Lock()
		st.settleLocked(now)
		st.mu.Unlock()
	}
}

func (st *stream) settleLocked(now millis) {
	if st.change != nil && st.due <= now {
		change := st.change
		st.change, st.status = nil, statusActive
		change(st.due)
	}
	if st.expiry <= now {
		st.expireLocked(now)
	}
}

// becomeLocked sets the status and what happens when it ends: after the transition, at once where that is 0.
func (st *stream) becomeLocked(status string, now millis, transition time.Duration, change func(at millis)) {
	st.status, st.due, st.change = status, now.add(transition), change
	st.settleLocked(now)
}

// expireLocked takes out the shards that have outlived their retention, and works out when it is time again.
func (st *stream) expireLocked(now millis) {
	st.expiry = neverExpires
	st.shards = slices.DeleteFunc(st.shards, func(sh *shard) bool {
		if sh.closed == 0 {
			return false
		}
		if sh.expired(st.retention, now) {
			st.server.release(sh)
			return true
		}
		st.expiry = min(st.expiry, sh.closed.add(st.retention))
		return false
	})
}

// shard returns the shard with this number, or nil. mu is held.
func (st *stream) shard(number int) *shard {
	i := sort.Search(len(st.shards), func(i int) bool { return st.shards[i].number >= number })
	if i == len(st.shards) || st.shards[i].number != number {
		return nil
	}
	return st.shards[i]
}

// named returns the shard with this name. mu is held.
func (st *stream) named(name string) (*shard, error) {
	number, ok := parseShard(name)
	if ok {
		if sh := st.shard(number); sh != nil {
			return sh, nil
		}
	}
	return nil, st.noShard(name)
}

// openShard returns the open shard with this name, as resharding asks for. mu is held.
func (st *stream) openShard(name string) (*shard, error) {
	sh, err := st.named(name)
	if err != nil {
		return nil, err
	}
	if sh.closed != 0 {
		return nil, invalidArgument("Shard %s in stream %s under account %s is not open: it has already been split or merged.",
			name, st.name, st.server.config.Account)
	}
	return sh, nil
}

// place returns the place in open of the shard that takes h. mu is held, and the stream has shards.
func (st *stream) place(h hashKey) int {
	return sort.Search(len(st.open), func(i int) bool { return !st.open[i].hi.less(h) })
}

// readable refuses a stream that has no shards to read or write yet, or any more. mu is held.
func (st *stream) readable() error {
	if st.status == statusCreating || st.status == statusDeleting {
		return notFound(st.name, st.server.config.Account)
	}
	return nil
}

// active refuses a stream that something is being done to. mu is held.
func (st *stream) active() error {
	if st.status != statusActive {
		return inUse("Stream %s under account %s not ACTIVE, instead in state %s", st.name, st.server.config.Account, st.status)
	}
	return nil
}

// provisioned refuses a stream whose shards are the service's own business. mu is held.
func (st *stream) provisioned(operation string) error {
	if st.mode == modeOnDemand {
		return refuse("ValidationException", "%s is not supported for stream %s under account %s, which is in ON_DEMAND mode.",
			operation, st.name, st.server.config.Account)
	}
	return nil
}

func (st *stream) noShard(name string) error {
	return resourceNotFound("Shard %s in stream %s under account %s does not exist", name, st.name, st.server.config.Account)
}

// put appends a record to sh, which is open, whatever the limits say. mu is held for reading.
func (st *stream) put(sh *shard, key string, data []byte, now millis) sequence {
	sh.mu.Lock()
	freed := sh.log.expire(now.add(-st.retention))
	index, arrival := sh.log.append(key, data, now)
	sh.mu.Unlock()
	st.server.held.Add(int64(len(key)+len(data)) - freed)
	return sh.sequence(index, arrival)
}
