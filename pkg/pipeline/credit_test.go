package pipeline

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// Whoever waits first is served first, even if a later one would fit.
func TestCreditIsFirstComeFirstServed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCredit(10)
		if _, err := c.Acquire(t.Context(), 8); err != nil {
			t.Fatal(err)
		}
		var served []int
		done := make(chan int, 3)
		for _, n := range []int{9, 1, 2} {
			go func() {
				if _, err := c.Acquire(t.Context(), n); err != nil {
					t.Error(err)
				}
				done <- n
			}()
			synctest.Wait() // one after the other
		}
		if len(done) != 0 {
			t.Fatalf("%d was let through ahead of the one that waited", <-done)
		}
		c.Adjust(-8) // 9 and then 1 fit
		synctest.Wait()
		served = append(served, <-done, <-done)
		slices.Sort(served)
		if !slices.Equal(served, []int{1, 9}) || len(done) != 0 || c.Out() != 10 {
			t.Fatalf("served %v with %d out, want 1 and 9 with 10 out", served, c.Out())
		}
		c.Adjust(-10)
		if n := <-done; n != 2 {
			t.Fatalf("served %d, want 2", n)
		}
	})
}

func TestCreditLargerThanTheLimit(t *testing.T) {
	c := newCredit(10)
	if _, err := c.Acquire(t.Context(), 100); err != nil { // alone, it always goes
		t.Fatal(err)
	}
	if c.Out() != 100 {
		t.Errorf("%d are out, want 100", c.Out())
	}
}

func TestCreditGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCredit(10)
		if _, err := c.Acquire(t.Context(), 10); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		behind := make(chan error, 1)
		go func() {
			synctest.Wait()
			_, err := c.Acquire(t.Context(), 5)
			behind <- err
		}()
		if _, err := c.Acquire(ctx, 7); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("got %v, want the context's error", err)
		}
		c.Adjust(-10)
		if err := <-behind; err != nil || c.Out() != 5 {
			t.Fatalf("got %v with %d out: the one that gave up holds something", err, c.Out())
		}
	})
}
