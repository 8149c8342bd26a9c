package kinesis

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
)

// No more than maxCalls are made at a time, by however many readers; who waits for a turn can be called off, and an error
// comes back.
func TestCallsTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const readers = 3 * maxCalls
		c := newCalls()
		c.readers.Store(readers)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var mu sync.Mutex
		under, answer, broken := 0, make(chan struct{}), errors.New("broken")
		results := make(chan error, readers)
		for range readers {
			go func() {
				results <- c.do(ctx, func() error {
					mu.Lock()
					under++
					mu.Unlock()
					<-answer
					return broken
				})
			}()
		}
		synctest.Wait()
		if under != maxCalls {
			t.Errorf("%d calls are made at a time, want %d", under, maxCalls)
		}
		answer <- struct{}{}
		synctest.Wait()
		if err := <-results; !errors.Is(err, broken) || under != maxCalls+1 {
			t.Errorf("one was answered with %v, and %d have been made", err, under)
		}
		cancel()
		synctest.Wait()
		close(answer)
		cancelled := 0
		for range readers - 1 {
			if err := <-results; errors.Is(err, context.Canceled) {
				cancelled++
			}
		}
		if want := readers - maxCalls - 1; cancelled != want {
			t.Errorf("%d were called off, want %d", cancelled, want)
		}
	})
}

// Few readers call as they come.
func TestFewCallsTakeNone(t *testing.T) {
	c := newCalls()
	c.readers.Store(maxCalls)
	for range 2 * maxCalls {
		c.turns = nil // whoever takes a turn waits for ever
		if err := c.do(t.Context(), func() error { return nil }); err != nil {
			t.Fatal(err)
		}
	}
}
