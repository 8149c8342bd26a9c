package main

import (
	"encoding/json"
	"sync"
	"time"

	"github.com/DataDog/sketches-go/ddsketch"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
)

// sketchError is that of kstream's quantiles.
const sketchError = 0.01

// minuteCounter is the loop that counts each user's events by the minute, in a map. It keeps everything in memory up to
// the end, saves nothing, and knows of no late events.
type minuteCounter struct {
	out *json.Encoder

	mu     sync.Mutex
	counts map[minuteOfUser]int // guarded by mu
}

type minuteOfUser struct {
	user   string
	minute time.Time
}

func (l *minuteCounter) take(records []types.Record) error {
	keys := make([]minuteOfUser, len(records))
	for i := range records {
		var e struct {
			Time time.Time `json:"ts"`
			User string    `json:"user_id"`
		}
		if err := json.Unmarshal(records[i].Data, &e); err != nil {
			return err
		}
		keys[i] = minuteOfUser{e.User, e.Time.Truncate(time.Minute)}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, k := range keys {
		l.counts[k]++
	}
	return nil
}

func (l *minuteCounter) end() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for k, n := range l.counts {
		if err := l.out.Encode(userCount{k.user, k.minute, k.minute.Add(time.Minute), n}); err != nil {
			return err
		}
	}
	return nil
}

// userCount is what countChain gives.
type userCount struct {
	User     string    `json:"user_id"`
	Start    time.Time `json:"window_start"`
	End      time.Time `json:"window_end"`
	Requests int       `json:"requests"`
}

// quantiler is the loop that keeps a DDSketch of the latency for each device and hour.
type quantiler struct {
	out *json.Encoder

	mu       sync.Mutex
	sketches map[hourOfDevice]*ddsketch.DDSketch // guarded by mu
}

type hourOfDevice struct {
	device string
	hour   time.Time
}

type latency struct {
	Time    time.Time `json:"ts"`
	Device  string    `json:"device"`
	Latency float64   `json:"latency_ms"`
}

func (l *quantiler) take(records []types.Record) error {
	events := make([]latency, len(records))
	for i := range records {
		if err := json.Unmarshal(records[i].Data, &events[i]); err != nil {
			return err
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range events {
		if err := l.addLocked(&e); err != nil {
			return err
		}
	}
	return nil
}

func (l *quantiler) addLocked(e *latency) error {
	k := hourOfDevice{e.Device, e.Time.Truncate(time.Hour)}
	s := l.sketches[k]
	if s == nil {
		var err error
		if s, err = ddsketch.NewDefaultDDSketch(sketchError); err != nil {
			return err
		}
		l.sketches[k] = s
	}
	return s.Add(e.Latency)
}

func (l *quantiler) end() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for k, s := range l.sketches {
		p99, err := s.GetValueAtQuantile(0.99)
		if err == nil {
			err = l.out.Encode(deviceP99{k.device, k.hour, k.hour.Add(time.Hour), p99})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// deviceP99 is what p99Chain gives.
type deviceP99 struct {
	Device string    `json:"device"`
	Start  time.Time `json:"window_start"`
	End    time.Time `json:"window_end"`
	P99    float64   `json:"p99"`
}
