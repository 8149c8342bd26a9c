// Package lookup is tables of reference data for expressions: a file is read whole, kept in memory by its rows' keys, and
// read again when it changes.
package lookup

import (
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// MaxBytes is how long a file may be. A table lies in memory whole, twice while it is read again, and takes two to
	// three times the file there.
	MaxBytes = 64 << 20
	// Interval is how often a file is looked at.
	Interval = time.Second
)

// Config says where a table comes from.
type Config struct {
	// Name is what people know the table by.
	Name string
	// Path is the file.
	Path string
	// Key is the field that a row is found by. Empty where the file is one object, whose names are the keys.
	Key string
	// Notice is told once that a file can't be read any more, and once that it can again. It does not block.
	Notice func(msg string)
}

// Table is what a file holds, by key. Any number of goroutines may use it.
type Table struct {
	cfg    Config
	rows   atomic.Pointer[rows]
	looked atomic.Int64 // when, in nanoseconds since 1970
	// reading is held by the one goroutine that looks at the file; the others go on with the rows that there are.
	reading sync.Mutex
	// guarded by reading
	seen   os.FileInfo // the file as it was read last; nil: to be read at the next look
	broken bool        // it could not be read, which has been said
}

// Open reads the file, which blocks for as long as that takes. The error says what is wrong with it: a *KeyError where the
// rows lack the key.
func Open(cfg Config) (*Table, error) {
	t := &Table{cfg: cfg}
	info, err := os.Stat(cfg.Path)
	if err != nil {
		return nil, withoutPath(err)
	}
	rows, err := read(info, &cfg)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	t.rows.Store(&rows)
	t.looked.Store(now.UnixNano())
	t.remember(info, now)
	return t, nil
}

// Row returns the row that has this key, as JSON, nil where there is none. It borrows key; nobody changes the row. It does
// not block.
func (t *Table) Row(key []byte) []byte { return (*t.rows.Load())[string(key)] }

// Len returns how many rows there are.
func (t *Table) Len() int { return len(*t.rows.Load()) }

// Refresh looks whether the file has changed, where nobody did within Interval before now, and reads it again. That blocks
// the caller; others meanwhile have the rows that were there, and never a part of the new ones. A file that can't be read
// changes nothing.
func (t *Table) Refresh(now time.Time) {
	last := t.looked.Load()
	if now.UnixNano()-last < int64(Interval) || !t.looked.CompareAndSwap(last, now.UnixNano()) || !t.reading.TryLock() {
		return
	}
	defer t.reading.Unlock()
	info, err := os.Stat(t.cfg.Path)
	if err != nil {
		t.seen = nil
		t.say(withoutPath(err))
		return
	}
	if t.seen != nil && os.SameFile(info, t.seen) && info.Size() == t.seen.Size() && info.ModTime().Equal(t.seen.ModTime()) {
		return
	}
	rows, err := read(info, &t.cfg)
	t.remember(info, now)
	if err == nil {
		t.rows.Store(&rows)
	}
	t.say(err)
}

// remember notes which file was read. One that was written a moment ago may be written again before its time of change
// moves on, so that it is read once more.
func (t *Table) remember(info os.FileInfo, now time.Time) {
	t.seen = info
	if age := now.Sub(info.ModTime()); age >= 0 && age < Interval {
		t.seen = nil
	}
}

// say tells when a file breaks, and when it is whole again.
func (t *Table) say(err error) {
	switch {
	case err != nil && !t.broken:
		t.cfg.Notice(fmt.Sprintf("table %s stays as it was: %s can't be read again: %v", t.cfg.Name, t.cfg.Path, err))
	case err == nil && t.broken:
		t.cfg.Notice(fmt.Sprintf("table %s is up to date again: %s has been read", t.cfg.Name, t.cfg.Path))
	}
	t.broken = err != nil
}
