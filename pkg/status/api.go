package status

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/kstream/kstream/pkg/pipeline"
	"github.com/kstream/kstream/pkg/record"
)

// Report is what /api/status answers.
type Report struct {
	// Now is the process's time, which the others compare with.
	Now time.Time `json:"now"`
	// Checkpointed is when the last checkpoint was saved; nil before the first.
	Checkpointed *time.Time        `json:"checkpointed,omitempty"`
	Partitions   []PartitionReport `json:"partitions"`
}

// PartitionReport is how one partition that is being read stands.
type PartitionReport struct {
	Stream   string          `json:"stream"`
	Shard    string          `json:"shard"`
	Parents  []string        `json:"parents"`
	Position record.Position `json:"position"` // of what has been handled
	// HandledTo is the service's time up to which every arrival has been handled; nil where it is not known yet.
	HandledTo *time.Time `json:"handled_to,omitempty"`
	// Retention is how long the stream keeps its records, in seconds; 0 where that is not known.
	Retention float64 `json:"retention_seconds,omitempty"`
	Records   uint64  `json:"records"`
	Bytes     uint64  `json:"bytes"`
}

// report answers with a Report; before there is a run, with one that has no partitions.
func (s *Server) report(w http.ResponseWriter, _ *http.Request) {
	r := Report{Now: time.Now().UTC(), Partitions: []PartitionReport{}}
	if run := s.current(); run != nil {
		stats := run.Stats()
		if at := stats.Checkpointed.UTC(); !stats.Checkpointed.IsZero() {
			r.Checkpointed = &at
		}
		for _, m := range stats.Partitions {
			r.Partitions = append(r.Partitions, s.partition(m))
		}
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(&r); err != nil {
		s.log.Debug("answering /api/status: " + err.Error()) // whoever asked has gone
	}
}

func (s *Server) partition(m *pipeline.PartitionMeter) PartitionReport {
	p := PartitionReport{
		Stream: m.Partition.Stream, Shard: m.Partition.Shard, Parents: m.Partition.ParentShards(), Position: m.Position(),
		Records: m.Records.Load(), Bytes: m.Bytes.Load(),
	}
	if ms := m.HandledTo(); ms != 0 {
		at := ms.Time()
		p.HandledTo = &at
	}
	if keeps, ok := s.metrics.retention.of(p.Stream); ok {
		p.Retention = keeps.Seconds()
	}
	return p
}
