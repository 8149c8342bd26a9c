package main

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"
)

// treatment is what a chain does to lines, by an implementation that is not ours.
type treatment interface {
	// line returns what comes out at a line. ok is false where that is nothing.
	line(line []byte) (treated []byte, ok bool, err error)
	// rest returns what comes out behind the last line.
	rest() ([][]byte, error)
}

// treatments makes each of them anew, by name.
var treatments = map[string]func() treatment{
	"raw":    func() treatment { return single(func(line []byte) ([]byte, bool, error) { return line, true, nil }) },
	"filter": func() treatment { return single(filterLine) },
	"map":    func() treatment { return single(mapLine) },
	"count":  func() treatment { return grouped{key: userAndMinute, sumUp: countOf, groups: map[group][]float64{}} },
	"p99":    func() treatment { return grouped{key: deviceAndHour, sumUp: p99Of, groups: map[group][]float64{}} },
}

// single is a treatment that goes line by line.
type single func(line []byte) (treated []byte, ok bool, err error)

func (s single) line(line []byte) ([]byte, bool, error) { return s(line) }
func (s single) rest() ([][]byte, error)                { return nil, nil }

// filterLine does what filterChain does.
func filterLine(line []byte) ([]byte, bool, error) {
	var e struct {
		Status  int `json:"status"`
		Latency int `json:"latency_ms"`
	}
	err := json.Unmarshal(line, &e)
	return line, e.Status < 500 && e.Latency >= 30, err
}

// mapLine does what mapChain does; values keep the form that they have.
func mapLine(line []byte) ([]byte, bool, error) {
	var e struct {
		Time    json.RawMessage `json:"ts"`
		Service json.RawMessage `json:"service"`
		Status  json.RawMessage `json:"status"`
	}
	err := json.Unmarshal(line, &e)
	return fmt.Appendf(nil, `{"ts":%s,"service":%s,"status":%s}`, e.Time, e.Service, e.Status), true, err
}

// grouped is a treatment that keeps every latency of every group, and sums up at the end.
type grouped struct {
	key    func(e *event) group
	sumUp  func(g group, latencies []float64) any // latencies are sorted
	groups map[group][]float64
}

type event struct {
	Time    time.Time `json:"ts"`
	User    string    `json:"user_id"`
	Device  string    `json:"device"`
	Latency float64   `json:"latency_ms"`
}

type group struct {
	key   string
	start time.Time
}

func (s grouped) line(line []byte) ([]byte, bool, error) {
	var e event
	if err := json.Unmarshal(line, &e); err != nil {
		return nil, false, err
	}
	g := s.key(&e)
	s.groups[g] = append(s.groups[g], e.Latency)
	return nil, false, nil
}

func (s grouped) rest() ([][]byte, error) {
	var lines [][]byte
	for g, latencies := range s.groups {
		slices.Sort(latencies)
		line, err := json.Marshal(s.sumUp(g, latencies))
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, nil
}

func userAndMinute(e *event) group { return group{e.User, e.Time.Truncate(time.Minute)} }

// countOf does what countChain does.
func countOf(g group, latencies []float64) any {
	return userCount{g.key, g.start, g.start.Add(time.Minute), len(latencies)}
}

func deviceAndHour(e *event) group { return group{e.Device, e.Time.Truncate(time.Hour)} }

// p99Of does what p99Chain does, as long as no device has more events than kstream's quantiles are exact for: it gives the
// least latency that 99 of 100 do not exceed.
func p99Of(g group, latencies []float64) any {
	rank := int(math.Ceil(0.99*float64(len(latencies)))) - 1
	return deviceP99{g.key, g.start, g.start.Add(time.Hour), latencies[rank]}
}
