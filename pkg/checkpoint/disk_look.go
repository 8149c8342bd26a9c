package checkpoint

import (
	"errors"
	"sync"

	"github.com/cockroachdb/pebble/v2"
)

// looks are iterators that Get uses again and again. Pebble's own Get does not ask the filters of the lowest level, where
// nearly all keys are, and so reads the disk for each key that is not there: the first record of every key. Only Save
// changes the database, so that an iterator is good until then.
type looks struct {
	cacheBytes int64

	mu      sync.Mutex
	saves   uint64  // guarded by mu
	idle    []*look // of the present number of saves; guarded by mu
	filters bool    // the lowest level's are asked; guarded by mu
}

// filtersFit reports whether the filters of the lowest level stay in the cache. Those that don't are worse than none: each
// look then reads a filter, which is many blocks long. Entries of state take 24 bytes on disk or more, of which the filter
// adds a twentieth, and half of the cache is for other blocks.
func (l *looks) filtersFit(db *pebble.DB) bool {
	lowest := db.Metrics().Levels[6]
	return lowest.TablesSize/20 <= l.cacheBytes/2
}

type look struct {
	it    *pebble.Iterator
	key   []byte
	saves uint64
}

// take returns an iterator that sees the last save, for one user.
func (l *looks) take(db *pebble.DB) (*look, error) {
	l.mu.Lock()
	saves, filters := l.saves, l.filters
	if n := len(l.idle); n > 0 {
		one := l.idle[n-1]
		l.idle = l.idle[:n-1]
		l.mu.Unlock()
		return one, nil
	}
	l.mu.Unlock()
	it, err := db.NewIter(&pebble.IterOptions{
		LowerBound: []byte{statePrefix}, UpperBound: []byte{statePrefix + 1}, UseL6Filters: filters,
	})
	return &look{it: it, saves: saves}, err
}

// put gives an iterator back, or closes it where it failed or does not see the last save. The error is the iterator's.
func (l *looks) put(one *look) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if one.saves == l.saves && one.it.Error() == nil {
		l.idle = append(l.idle, one)
		return nil
	}
	return one.it.Close()
}

// forget closes the iterators that don't see what has been saved: the files that they hold can go.
func (l *looks) forget(db *pebble.DB) (err error) {
	filters := l.filtersFit(db)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.saves++
	l.filters = filters
	for _, one := range l.idle {
		err = errors.Join(err, one.it.Close())
	}
	l.idle = nil
	return err
}
