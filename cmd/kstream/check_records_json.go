package main

import (
	"encoding/json"
	"unicode/utf8"

	"github.com/kstream/kstream/pkg/format/envelope"
	"github.com/kstream/kstream/pkg/operator/trace"
	"github.com/kstream/kstream/pkg/record"
)

// tracedRecords is what became of a few records, for machines.
type tracedRecords struct {
	Records []tracedWay   `json:"records"`
	Results []tracedWay   `json:"results"`
	Stages  []*stageCount `json:"stages"`
	Out     int           `json:"out"`
	Notes   []string      `json:"notes"`
}

// tracedWay is one record, as consume -o json prints it, or a result with the stage that made it, and its steps.
type tracedWay struct {
	Record json.RawMessage `json:"record,omitempty"`
	By     string          `json:"by,omitempty"`
	Made   json.RawMessage `json:"made,omitempty"`
	Steps  []tracedStep    `json:"steps"`
	Out    []tracedOutput  `json:"out"`
}

type tracedStep struct {
	Stage     string                     `json:"stage"`
	Text      string                     `json:"text"`
	In        int                        `json:"in"`
	Out       int                        `json:"out"`
	Late      int                        `json:"late,omitempty"`
	Absorbed  int                        `json:"absorbed,omitempty"`
	Mismatch  bool                       `json:"mismatch,omitempty"`
	Errors    []string                   `json:"errors,omitempty"`
	Fields    map[string]json.RawMessage `json:"fields,omitempty"`
	Key       json.RawMessage            `json:"key,omitempty"`
	EventTime string                     `json:"event_time,omitempty"`
	Watermark string                     `json:"watermark,omitempty"`
	Windows   []tracedWindow             `json:"windows,omitempty"`
	After     []any                      `json:"after,omitempty"`
}

type tracedWindow struct {
	Start string `json:"window_start"`
	End   string `json:"window_end"`
}

type tracedOutput struct {
	Key  string `json:"key,omitempty"`
	Data any    `json:"data"`
}

func tracedOf(tr *trace.Trace, notes []string) *tracedRecords {
	t := &tracedRecords{Records: []tracedWay{}, Results: []tracedWay{}, Notes: append([]string{}, notes...)}
	for i := range tr.Ways {
		s := &tr.Ways[i].Sample
		way := wayOf(&tr.Ways[i])
		way.Record = envelope.Append(nil, s.Partition, &s.Record, s.Record.Data)
		t.Records = append(t.Records, way)
	}
	for i := range tr.Results {
		way := wayOf(&tr.Results[i])
		way.By, way.Made = tr.Results[i].By, tr.Results[i].Made
		t.Results = append(t.Results, way)
	}
	t.Stages, t.Out = countsOf(tr)
	return t
}

func wayOf(w *trace.Way) tracedWay {
	way := tracedWay{Steps: []tracedStep{}, Out: []tracedOutput{}}
	for i := range w.Steps {
		way.Steps = append(way.Steps, stepOf(&w.Steps[i]))
	}
	for _, o := range w.Out {
		way.Out = append(way.Out, tracedOutput{string(o.Key), jsonOrText(o.Data)})
	}
	return way
}

func stepOf(s *trace.Step) tracedStep {
	step := tracedStep{
		Stage: s.Stage, Text: s.Text, In: s.In, Out: s.Out, Late: s.Late, Absorbed: s.Absorbed, Mismatch: s.Mismatch, Key: s.Key,
		EventTime: timeText(s.Event), Watermark: timeText(s.Watermark),
	}
	for _, err := range s.Errors {
		step.Errors = append(step.Errors, err.Error())
	}
	for _, f := range s.Fields {
		if step.Fields == nil {
			step.Fields = map[string]json.RawMessage{}
		}
		step.Fields[f.Name] = f.Value
	}
	for _, span := range s.Windows {
		step.Windows = append(step.Windows, tracedWindow{span.Start.Time().Format(timeForm), span.End.Time().Format(timeForm)})
	}
	for _, after := range s.After {
		step.After = append(step.After, jsonOrText(after))
	}
	return step
}

// timeForm is RFC 3339 with milliseconds.
const timeForm = "2006-01-02T15:04:05.000Z07:00"

// timeText is RFC 3339, and nothing for a time that is not known.
func timeText(m record.Millis) string {
	if m == 0 || m == record.StartOfTime || m == record.EndOfTime {
		return ""
	}
	return m.Time().Format(timeForm)
}

// jsonOrText is JSON as it stands, other text as a string, and anything else as base64.
func jsonOrText(data []byte) any {
	if json.Valid(data) {
		return json.RawMessage(data)
	}
	if utf8.Valid(data) {
		return string(data)
	}
	return map[string][]byte{"base64": data}
}
