package status

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/kstream/kstream/pkg/record"
)

// Report is what /api/status answers. Times are the process's own; what is per second is of the last ten seconds, and 0 until
// two looks, two seconds apart, tell. Before there is a run, its lists are empty.
type Report struct {
	Now     time.Time `json:"now"`
	Version string    `json:"version"`
	Host    string    `json:"host"` // as the machine, or the container, calls itself
	// Started is when the process began to serve.
	Started time.Time `json:"started"`
	Health  Verdict   `json:"health"`
	Ready   Verdict   `json:"ready"`
	// Checkpointed is when the last checkpoint was saved; nil before the first.
	Checkpointed *time.Time         `json:"checkpointed,omitempty"`
	Checkpoint   CheckpointReport   `json:"checkpoint"`
	Watermark    *WatermarkReport   `json:"watermark,omitempty"` // nil where the chain has none, or it is not known yet
	State        *StateReport       `json:"state,omitempty"`     // nil where the chain keeps none
	Buffer       BufferReport       `json:"buffer"`
	Sources      []SourceReport     `json:"sources"` // by name
	Stages       []StageReport      `json:"stages"`  // in the chain's order
	Outputs      []OutputReport     `json:"outputs"` // the sink, and the dead letters where they are written
	Throttles    []ThrottleReport   `json:"throttles"`
	DeadLetters  DeadLettersSummary `json:"dead_letters"`
	Partitions   []PartitionReport  `json:"partitions"`
	History      History            `json:"history"`
}

// Verdict is what /healthz or /readyz answers.
type Verdict struct {
	OK   bool   `json:"ok"`
	Says string `json:"says"` // "ok", or why not
}

// CheckpointReport is how the last checkpoint was, in seconds; nil before the first.
type CheckpointReport struct {
	Age      *float64 `json:"age_seconds,omitempty"`
	Took     *float64 `json:"took_seconds,omitempty"`
	Interval float64  `json:"interval_seconds"`
}

// WatermarkReport is the event time up to which all that is expected has been seen, behind the first exchange.
type WatermarkReport struct {
	At  time.Time `json:"at"`
	Lag float64   `json:"lag_seconds"` // of the process's clock
}

// StateReport is the keyed state: its keys, in memory and on disk, and the bytes of memory that it takes.
type StateReport struct {
	Keys  int64 `json:"keys"`
	Bytes int64 `json:"bytes"`
}

// BufferReport is the bytes that are read and not yet done with.
type BufferReport struct {
	Used  int `json:"used"`
	Limit int `json:"limit"`
}

// Volume is a number of records and of their bytes: in all, or a second.
type Volume struct {
	Records float64 `json:"records"`
	Bytes   float64 `json:"bytes"`
}

// SourceReport is one stream, over all its partitions; the counts are with those that have ended.
type SourceReport struct {
	Stream     string   `json:"stream"`
	Partitions int      `json:"partitions"` // that are being read
	Records    uint64   `json:"records"`
	Bytes      uint64   `json:"bytes"`
	PerSecond  Volume   `json:"per_second"`
	Behind     *float64 `json:"behind_seconds,omitempty"` // of the partition that is furthest behind; nil: not known yet
}

// Flow is what became of records at a stage, in all or a second.
type Flow[N uint64 | float64] struct {
	In         N `json:"in"`
	Out        N `json:"out"`
	Filtered   N `json:"filtered"`
	Late       N `json:"late"`
	DeadLetter N `json:"dead_letter"`
	Mismatch   N `json:"mismatch"` // of those in: an operator met nil or a wrong type
}

// StageReport is one stage of the chain. Part is 0 in the lanes, and n in the tasks behind the n-th exchange.
type StageReport struct {
	Stage     string        `json:"stage"` // as in the metrics: "3:filter"
	Text      string        `json:"text"`  // as it was written
	Part      int           `json:"part"`
	Assumed   bool          `json:"assumed,omitempty"` // added by the plan
	Records   Flow[uint64]  `json:"records"`
	PerSecond Flow[float64] `json:"per_second"`
}

// OutputReport is one output. Refused are records that it could not take, which are dead letters of the stage "sink".
type OutputReport struct {
	Output    string `json:"output"` // as in the metrics: "file", "dead_letters"
	Target    string `json:"target"` // where it writes: a path, a stream; "" where the name says it
	Records   uint64 `json:"records"`
	Bytes     uint64 `json:"bytes"`
	Refused   uint64 `json:"refused"`
	PerSecond Volume `json:"per_second"`
}

// ThrottleReport counts the calls of one kind that a stream refused for a limit.
type ThrottleReport struct {
	Stream string `json:"stream"`
	Call   string `json:"call"`
	Count  uint64 `json:"count"`
}

// DeadLettersSummary counts dead letters since the start.
type DeadLettersSummary struct {
	Count uint64 `json:"count"`
	// Noted is how many of them went to the dead letters' output, 0 where they are discarded: /api/dead-letters has the last.
	Noted uint64 `json:"noted"`
}

// PartitionReport is how one partition that is being read stands.
type PartitionReport struct {
	Stream   string          `json:"stream"`
	Shard    string          `json:"shard"`
	Parents  []string        `json:"parents"`
	Position record.Position `json:"position"` // of what has been handled
	// HandledTo is the service's time up to which every arrival has been handled; nil where it is not known yet.
	HandledTo *time.Time `json:"handled_to,omitempty"`
	Behind    *float64   `json:"behind_seconds,omitempty"` // nil as HandledTo
	// Retention is how long the stream keeps its records, in seconds; 0 where that is not known.
	Retention float64 `json:"retention_seconds,omitempty"`
	Records   uint64  `json:"records"`
	Bytes     uint64  `json:"bytes"`
	PerSecond Volume  `json:"per_second"`
}

// report answers with a Report. The query since, Unix milliseconds, leaves out of its history what is not younger.
func (s *Server) report(w http.ResponseWriter, r *http.Request) {
	since, err := sinceOf(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	report := s.look(time.Now())
	report.History = s.sampler.history(since)
	report.History.Checkpoints = s.metrics.checkpoints.after(since)
	s.json(w, r, report)
}

func (s *Server) json(w http.ResponseWriter, r *http.Request, answer any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		s.log.Debug("answering " + r.URL.Path + ": " + err.Error()) // whoever asked has gone
	}
}
