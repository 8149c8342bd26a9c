package main

import (
	"bytes"
	"fmt"
	"time"

	"github.com/kstream/kstream/internal/synthetic"
)

const (
	// eventBytes is the size of every event.
	eventBytes = 1000
	// users is how many partition keys there are.
	users = 2000
	// devices is how many values the field device has, each once in as many events.
	devices = 100_000
)

// epoch is when the first event happened; one follows each millisecond. Being fixed, every run reads the same bytes.
var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// events makes JSON objects of 15 fields: the ten of synthetic's logs, which are what the chains look at, and five more
// behind them, the last of which fills the event up. One goroutine.
type events struct {
	logs *synthetic.Generator
	n    int
}

func newEvents() (*events, error) {
	logs, err := synthetic.New("logs", 1)
	if err != nil {
		return nil, fmt.Errorf("making events: %w", err)
	}
	return &events{logs: logs}, nil
}

// next returns an event and its partition key, which is the caller's.
func (e *events) next() (key string, data []byte) {
	_, data = e.logs.Next(epoch.Add(time.Duration(e.n) * time.Millisecond))
	data = fmt.Appendf(data[:len(data)-1], `,"host":"web-%03d","zone":"eu-west-1%c","trace_id":"%032x","device":"d%05d","context":"`,
		e.n%200, 'a'+rune(e.n%3), uint64(e.n)*0x9e3779b97f4a7c15, e.n*70_001%devices) // a prime, so that no two neighbours are alike
	if rest := eventBytes - len(data) - len(`"}`); rest > 0 {
		data = append(data, bytes.Repeat([]byte("stack frame; "), rest/13+1)[:rest]...)
	}
	e.n++
	return fmt.Sprintf("u%04d", e.n%users), append(data, `"}`...)
}
