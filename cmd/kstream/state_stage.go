package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/state"
)

// tablesPerStage is how many tables a keyed stage has in the state's format. The first holds what is kept by key, the others
// are its own indexes of that.
const tablesPerStage = 4

// keyedStage is a stage of the saved chain that keeps state.
type keyedStage struct {
	text string // "window tumbling 1m0s | aggregate n = count()"
	kind stageKind
}

type stageKind uint8

const (
	unknownStage stageKind = iota
	windowStage            // its buckets are the windows' ends
	sessionStage           // all in one bucket
	dedupeStage            // its buckets begin at the time
)

// keyedStages returns the chain's keyed stages in the order of their tables.
func keyedStages(chain []string) (stages []keyedStage) {
	window := ""
	for _, text := range chain {
		word, _, _ := strings.Cut(text, " ")
		switch word {
		case "window":
			window = text
		case "aggregate":
			kind := windowStage
			if strings.HasPrefix(window, "window session") {
				kind = sessionStage
			}
			stages = append(stages, keyedStage{window + " | " + text, kind})
		case "dedupe":
			stages = append(stages, keyedStage{text, dedupeStage})
		}
	}
	return stages
}

// stageOf returns the stage that a table is of, and whether it is the one that holds what is kept.
func stageOf(stages []keyedStage, table uint16) (s keyedStage, holds bool) {
	i := int(table) / tablesPerStage
	if i < len(stages) {
		s = stages[i]
	} else {
		s.text = fmt.Sprintf("stage %d", i+1)
	}
	return s, table%tablesPerStage == 0
}

// window says in words, and as a time, what a bucket of the stage is.
func (s keyedStage) window(bucket record.Millis) (words string, at *time.Time) {
	t := bucket.Time()
	switch s.kind {
	case sessionStage:
		return "-", nil
	case dedupeStage:
		return "from " + t.Format(time.RFC3339Nano), &t
	}
	return "until " + t.Format(time.RFC3339Nano), &t
}

// windows returns what is held of the stages' own, by window.
func (k *kept) windows() (rows []windowRow) {
	stages := keyedStages(k.last.Chain)
	for _, h := range k.held {
		s, holds := stageOf(stages, h.Table)
		if !holds {
			continue
		}
		row := windowRow{Stage: s.text, Keys: h.Keys}
		row.words, row.Window = s.window(h.Bucket)
		rows = append(rows, row)
	}
	return rows
}

// windowRow is what is shown of one window of one stage.
type windowRow struct {
	Stage  string     `json:"stage"`
	Window *time.Time `json:"window,omitempty"`
	Keys   int64      `json:"keys"`

	words string
}

// keyValues reads the values that an entry's key is made of.
func keyValues(p state.Place) (values []record.Value, err error) {
	for rest := p.Key; len(rest) > 0; {
		var v record.Value
		if v, rest, err = record.ReadValue(rest); err != nil {
			return nil, fmt.Errorf("reading a key of table %d, key group %d: %w", p.Table, p.Group, err)
		}
		values = append(values, v)
	}
	return values, nil
}

// keyText prints a key: a single value as text, several as a JSON list.
func keyText(values []record.Value) string {
	if len(values) == 1 && values[0].Kind == record.String {
		return string(values[0].Text)
	}
	return string(keyJSON(values))
}

// keyJSON writes a key as JSON: a single value as itself, several as a list.
func keyJSON(values []record.Value) (dst []byte) {
	if len(values) == 1 {
		return valueJSON(nil, &values[0])
	}
	dst = append(dst, '[')
	for i := range values {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = valueJSON(dst, &values[i])
	}
	return append(dst, ']')
}

func valueJSON(dst []byte, v *record.Value) []byte {
	if v.Nil() {
		return append(dst, "null"...)
	}
	return format.Append(dst, v)
}
