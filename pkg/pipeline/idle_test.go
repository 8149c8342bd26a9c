package pipeline

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kstream/kstream/pkg/record"
)

// A lane is idle when for the time-out every call succeeded and said "at the tip", and no record came.
func TestIdleness(t *testing.T) {
	for _, c := range []struct {
		name  string
		pages string // a letter a second: t at the tip, b behind, r a record at the tip, s a setback and then the tip
		want  string // + becomes idle, - is idle no more, . neither
	}{
		{"after the time-out", "tttttt", "...+.."},
		{"behind is not idle", "bbbttttt", "......+."},
		{"a record starts the time anew", "ttrtttt", "......+"},
		{"a record ends it", "ttttrt", "...+-."},
		{"a call that failed starts the time anew", "ttsttt", ".....+"},
		{"a call that failed ends it", "ttttstttt", "...+-..+."},
		{"falling behind ends it", "ttttbtttt", "...+-...+"},
	} {
		i := idleness{timeout: 3 * time.Second}
		var got strings.Builder
		for at, kind := range c.pages {
			p := record.NewPage(nil)
			p.Begun, p.Tip = record.Millis(1000*(at+1)), kind != 'b'
			switch kind {
			case 'r':
				p.Records = make([]record.Record, 1)
			case 's':
				p.Setback()
			}
			begins, ends := i.see(p)
			switch {
			case begins:
				got.WriteByte('+')
			case ends:
				got.WriteByte('-')
			default:
				got.WriteByte('.')
			}
		}
		if got.String() != c.want {
			t.Errorf("%s: %s gives %s, want %s", c.name, c.pages, got.String(), c.want)
		}
	}
	var never idleness
	p := record.NewPage(nil)
	p.Tip = true
	for range 3 {
		p.Begun += 1e9
		if begins, _ := never.see(p); begins {
			t.Error("a lane without a time-out became idle")
		}
	}
}

// A lane that is too far ahead of the slowest waits until that one has caught up, has read all there is, or is gone.
func TestDrift(t *testing.T) {
	for name, catchUp := range map[string]func(d *drift){
		"it moves on":       func(d *drift) { d.at(1, 100_000, false) },
		"it is at the tip":  func(d *drift) { d.at(1, 10_000, true) },
		"it is gone":        func(d *drift) { d.leave(1) },
		"it is not counted": nil,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDrift(time.Minute)
				ahead := newHigh(90_000)
				d.open(1)
				d.open(2)
				d.at(2, 90_000, false)
				if catchUp != nil {
					d.at(1, 10_000, false)
				}
				done := make(chan error, 1)
				go func() {
					waited, err := d.wait(t.Context(), ahead)
					if waited != (catchUp != nil) {
						err = fmt.Errorf("waited: %t", waited)
					}
					done <- err
				}()
				synctest.Wait()
				if catchUp != nil {
					if len(done) > 0 {
						t.Fatal("it did not wait for the slowest")
					}
					catchUp(d)
				}
				if err := <-done; err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// The slowest never waits, however far apart event times are.
func TestDriftLetsTheSlowestGo(t *testing.T) {
	d := newDrift(time.Minute)
	d.open(1)
	d.open(2)
	d.at(1, -9_000_000_000_000, false)
	d.at(2, 9_000_000_000_000, false)
	if waited, err := d.wait(t.Context(), newHigh(-9_000_000_000_000)); waited || err != nil {
		t.Errorf("waited: %t, %v", waited, err)
	}
}

func newHigh(m record.Millis) *atomic.Int64 {
	h := new(atomic.Int64)
	h.Store(int64(m))
	return h
}
