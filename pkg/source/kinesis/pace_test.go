package kinesis

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/kstream/kstream/pkg/awserror"
	"github.com/kstream/kstream/pkg/kinesislocal"
	"github.com/kstream/kstream/pkg/kinesislocal/kinesistest"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/source/sourcetest"
)

// asked is a client that notes the calls of GetRecords on their way.
type asked struct {
	client
	mu     sync.Mutex
	times  []time.Time // guarded by mu
	limits []int       // guarded by mu
}

// GetRecords hands on none of the caller's options, so that the calls go on coming this way: see wire.Caller.
func (a *asked) GetRecords(ctx context.Context, in *kinesis.GetRecordsInput, _ ...func(*kinesis.Options)) (*kinesis.GetRecordsOutput, error) {
	a.mu.Lock()
	a.times, a.limits = append(a.times, time.Now()), append(a.limits, int(*in.Limit))
	a.mu.Unlock()
	return a.client.GetRecords(ctx, in, awserror.Once)
}

// asking returns a source whose calls are noted, and a job over it from the oldest record on.
func (w *world) asking(change func(*Config)) (*asked, *sourcetest.Job) {
	w.Helper()
	a := &asked{client: w.client}
	s := w.source(func(c *Config) {
		c.Streams[0].Client = a
		if change != nil {
			change(c)
		}
	})
	return a, sourcetest.Start(w.T, s, record.Position{}, nil)
}

// load puts n records of size bytes into shard 0, over so many seconds.
func (w *world) load(n, size, seconds int) {
	w.Helper()
	data := []byte(strings.Repeat("x", size))
	for i := range n {
		_, err := w.server.PutTo(logs, shardName(0), "k", data)
		w.must(err)
		if (i+1)%(n/seconds) == 0 {
			time.Sleep(time.Second)
		}
	}
}

// TestBehind reads a backlog: all of the share of a shard's limits, with pages of the size that was meant, and without
// ever being throttled.
func TestBehind(t *testing.T) {
	for share, sizes := range map[float64][]int{1: {100, 1500, 30_000, 900_000}, 0.5: {1500}} {
		for _, size := range sizes {
			t.Run(fmt.Sprintf("%v of the limits, records of %d bytes", share, size), func(t *testing.T) {
				inWorld(t, 1, func(w *world) {
					const total = 7 << 20
					n := min(total/size, 5000)
					w.load(n, size, 1)
					a, j := w.asking(func(c *Config) { c.ReadShare = share })
					began := time.Now()
					j.ToTip(w.T)
					took := time.Since(began).Seconds()
					if len(j.Got) != n {
						w.Fatalf("read %d of %d records", len(j.Got), n)
					}
					if least := float64(n*size) / bytesPerSecond / share; took > 1.2*least+2 {
						w.Errorf("took %.1f s, the limits allow %.1f", took, least)
					}
					if len(w.seen.throttled) > 0 {
						w.Errorf("throttled: %v", w.seen.throttled)
					}
					if last := a.limits[len(a.limits)-1] * size; n > 10*firstLimit && last > 2<<20 || size == 30_000 && last < 1<<20 {
						w.Errorf("pages of %d bytes", last)
					}
				})
			})
		}
	}
}

// TestAtTheTip polls once a second, whether records come or not.
func TestAtTheTip(t *testing.T) {
	inWorld(t, 1, func(w *world) {
		a, j := w.asking(nil)
		began := time.Now()
		for range 60 {
			j.ToTip(w.T)
		}
		if took := time.Since(began); took < 59*time.Second || took > 60*time.Second {
			w.Errorf("60 polls in %v", took)
		}
		if len(a.times) != 60 {
			w.Errorf("%d calls", len(a.times))
		}
		began = time.Now()
		for range 10 {
			_, err := w.server.PutTo(logs, shardName(0), "k", []byte("x"))
			w.must(err)
			j.ToTip(w.T)
		}
		if took := time.Since(began); took < 9*time.Second || took > 11*time.Second {
			w.Errorf("10 polls with records in %v", took)
		}
	})
}

// TestPollInterval is the only pacing where it is set: at the tip and behind it.
func TestPollInterval(t *testing.T) {
	for _, interval := range []time.Duration{0, 300 * time.Millisecond, 5 * time.Second} {
		inWorld(t, 1, func(w *world) {
			server := kinesistest.New(w, kinesislocal.Config{Limits: &kinesislocal.Limits{}})
			w.must(server.CreateStream(logs, 1))
			w.server, w.client = server, kinesistest.Client(server)
			w.load(4000, 500, 1)
			a, j := w.asking(func(c *Config) { c.PollInterval = &interval })
			j.ToTip(w.T)
			for range 5 {
				j.ToTip(w.T)
			}
			if len(j.Got) != 4000 || len(a.times) < 7 {
				w.Fatalf("%d records in %d calls", len(j.Got), len(a.times))
			}
			for i := range a.times[1:] {
				if gap := a.times[i+1].Sub(a.times[i]); gap != interval {
					w.Errorf("interval %v: call %d comes %v behind the one before", interval, i+1, gap)
				}
			}
		})
	}
}

// TestSharedShard reads beside another consumer that takes most of the shard's calls.
func TestSharedShard(t *testing.T) {
	inWorld(t, 1, func(w *world) {
		w.load(3000, 1000, 3)
		ctx, cancel := context.WithCancel(w.Context())
		defer cancel()
		go func() {
			out, err := w.client.GetShardIterator(ctx, &kinesis.GetShardIteratorInput{StreamName: aws.String(logs),
				ShardId: aws.String(shardName(0)), ShardIteratorType: types.ShardIteratorTypeLatest})
			for err == nil {
				_, _ = w.client.GetRecords(ctx, &kinesis.GetRecordsInput{ShardIterator: out.ShardIterator}, awserror.Once)
				err = awserror.Pause(ctx, 210*time.Millisecond)
			}
		}()
		_, j := w.asking(nil)
		began := time.Now()
		j.ToTip(w.T)
		for range 20 {
			j.ToTip(w.T)
		}
		if len(j.Got) != 3000 || time.Since(began) > 3*time.Minute {
			w.Errorf("%d records in %v", len(j.Got), time.Since(began))
		}
		if w.seen.throttled["GetRecords"] == 0 {
			w.Error("never throttled: the test shows nothing")
		}
	})
}

// blockedCredit gives credit when it is let.
type blockedCredit struct {
	gate chan struct{}
	held atomic.Int64
}

func (c *blockedCredit) Acquire(ctx context.Context, n int) (waited bool, err error) {
	select {
	case <-ctx.Done():
		return true, ctx.Err()
	case <-c.gate:
		c.held.Add(int64(n))
		return true, nil
	}
}

func (c *blockedCredit) Adjust(delta int) { c.held.Add(int64(delta)) }

// TestCreditComesFirst calls nobody before there is credit, holds none while it backs off, and reads on though the
// iterator grew old meanwhile.
func TestCreditComesFirst(t *testing.T) {
	inWorld(t, 1, func(w *world) {
		w.put(0, "x")
		a, j := w.asking(nil)
		credit := &blockedCredit{gate: make(chan struct{})}
		page := record.NewPage(credit)
		done := make(chan error, 1)
		go func() { done <- j.ReadPage(w.Context(), w.id(0), page) }()
		time.Sleep(time.Hour)
		synctest.Wait()
		if len(a.times) != 0 {
			w.Error("called without credit")
		}
		w.inject("GetRecords times=1 error=InternalFailure latency=1s")
		credit.gate <- struct{}{}
		time.Sleep(100 * time.Millisecond)
		synctest.Wait()
		if held := credit.held.Load(); held == 0 || held > pageMax {
			w.Errorf("%d bytes held in a call", held)
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if held := credit.held.Load(); held != 0 {
			w.Errorf("%d bytes held while waiting", held)
		}
		credit.gate <- struct{}{}
		if err := <-done; err != nil || len(j.Got) != 1 {
			w.Errorf("read %d records, %v", len(j.Got), err)
		}
		ctx, cancel := context.WithTimeout(w.Context(), time.Minute)
		defer cancel()
		page.Reset()
		if err := j.ReadPage(ctx, w.id(0), page); !errors.Is(err, context.DeadlineExceeded) {
			w.Errorf("waiting for credit: %v", err)
		}
	})
}

func TestSizing(t *testing.T) {
	tests := []struct {
		records, bytes int
		tip            bool
		limit, credit  int
	}{
		{0, 0, false, firstLimit, pageMax},
		{0, 0, true, firstLimit, tipCredit},
		{100, 100_000, false, 1572, pageMax},
		{100, 100_000, true, 1572, 100_000},
		{10_000, 10_000, false, pageMaxRecords, pageMax},
		{1, 1 << 20, false, 1, 1<<20 + maxKeySize},
		{1, 10 << 20, false, 1, 1<<20 + maxKeySize},
	}
	for _, tt := range tests {
		var z sizing
		z.took(tt.records, tt.bytes, tt.tip)
		if limit, credit := z.limit(), z.credit(1<<20); limit != tt.limit || credit != tt.credit {
			t.Errorf("behind %d records of %d bytes, tip %t: limit %d, credit %d; want %d, %d",
				tt.records, tt.bytes, tt.tip, limit, credit, tt.limit, tt.credit)
		}
	}
}
