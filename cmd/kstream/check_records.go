package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/kstream/kstream/pkg/operator"
	"github.com/kstream/kstream/pkg/operator/trace"
	"github.com/kstream/kstream/pkg/record"
)

// defaultSamples is how many records --input alone traces.
const defaultSamples = 20

// mostSamples bounds what --records holds in memory.
const mostSamples = 10_000

// traced runs a few records through the chain. What the chain has to say of them is added to notes.
func (j *job) traced(ctx context.Context, t *terminal, o *checkOptions) (*trace.Trace, []string, error) {
	n := o.records
	if n == 0 {
		n = defaultSamples
	}
	samples, now, err := j.samples(ctx, t.in, o.input, n)
	if err != nil {
		return nil, nil, err
	}
	var notes []string
	chain := j.chain
	chain.Traced = true
	chain.Notice = func(text string) { notes = append(notes, text) }
	plan, err := operator.Compile(chain)
	if err != nil {
		return nil, nil, err
	}
	tr, err := trace.Run(ctx, plan, now, samples)
	return tr, notes, err
}

// What is printed of records fits 100 columns: labels of stages, and three lines of a record.
const (
	recordColumns   = 100
	stageColumn     = 12
	mostRecordLines = 3
)

// writeTrace shows what became of each record, for people.
func writeTrace(w io.Writer, tr *trace.Trace, notes []string) {
	fmt.Fprintln(w, "\nRecords")
	if len(tr.Ways) == 0 {
		fmt.Fprintln(w, "  none is there: --input FILE tries the chain with records of yours")
		return
	}
	for i := range tr.Ways {
		way := &tr.Ways[i]
		fmt.Fprintf(w, "  %d  %s\n", i+1, sampleText(&way.Sample))
		writeWay(w, way, payloadText(way.Sample.Record.Data))
	}
	if len(tr.Results) > 0 {
		fmt.Fprintln(w, "\nResults, as if the end of time came behind these records")
	}
	for i := range tr.Results {
		fmt.Fprintf(w, "  made by %s\n", tr.Results[i].By)
		writeWay(w, &tr.Results[i], string(tr.Results[i].Made))
	}
	writeCounts(w, tr)
	for _, text := range notes {
		fmt.Fprintln(w, "  note: "+text)
	}
}

// sampleText says where a record comes from. A line of a file has no more than its file.
func sampleText(s *trace.Sample) string {
	if s.Partition.Stream == "file" {
		return filepath.Base(s.Partition.Shard)
	}
	return fmt.Sprintf("%s, key %q, %s", s.Partition, s.Record.Key, s.Record.Arrival.Time().Format(time.RFC3339Nano))
}

// writeWay shows the steps of one record. What a record is like is shown where it has changed.
func writeWay(w io.Writer, way *trace.Way, before string) {
	say := func(stage, text string) {
		for _, line := range wrapped(text, recordColumns-stageColumn-7, mostRecordLines) {
			fmt.Fprintf(w, "     %-*s  %s\n", stageColumn, stage, line)
			stage = ""
		}
	}
	say("", before)
	for i := range way.Steps {
		s := &way.Steps[i]
		say(s.Stage, happened(s))
		for _, after := range s.After {
			if text := payloadText(after); text != before || len(s.After) > 1 {
				say("", text)
				before = text
			}
		}
	}
	for _, o := range way.Out {
		text := payloadText(o.Data)
		if text == before && len(way.Out) == 1 {
			text = "as it is here"
		}
		if len(o.Key) > 0 {
			text += fmt.Sprintf(" (key %q)", o.Key)
		}
		say("out", text)
	}
}

// happened says what a stage did to a record, and why.
func happened(s *trace.Step) string {
	_, word, _ := strings.Cut(s.Stage, ":")
	var done string
	switch fields := fieldsText(s); {
	case len(s.Errors) > 0:
		done = "DEAD LETTER: " + s.Errors[0].Error()
	case s.Late > 0:
		done = "LATE, and so dropped"
	case s.Absorbed > 0:
		done = "counted"
	case s.In == 1 && s.Out == 0 && fields != "":
		done = "DROPPED: " + fields
	case s.In == 1 && s.Out == 0:
		done = "DROPPED by " + s.Text
	case s.In != 1 || s.Out != 1:
		done = fmt.Sprintf("%d of %d go on", s.Out, s.In)
		if s.Out > s.In {
			done = fmt.Sprintf("%s made of %d", count(int64(s.Out), "record"), s.In)
		}
	case word == "filter" && fields != "":
		done = "kept: " + fields
	case len(s.Windows) > 0 || word == "key_by":
	default:
		done = strings.TrimPrefix(s.Text, word+" ")
	}
	if s.Mismatch {
		done += " (an operator met nil or a wrong type, which is false)"
	}
	parts := timesText(s)
	if done != "" {
		parts = append([]string{done}, parts...)
	}
	return strings.Join(parts, ", ")
}

// fieldsText is what the stage looked at.
func fieldsText(s *trace.Step) string {
	var fields []string
	for _, f := range s.Fields {
		const most = 60
		fields = append(fields, f.Name+" is "+shortened(payloadText(f.Value), most))
	}
	return strings.Join(fields, ", ")
}

// timesText tells of key, event time and windows.
func timesText(s *trace.Step) (parts []string) {
	if strings.HasSuffix(s.Stage, ":key_by") {
		parts = append(parts, "key "+string(s.Key))
	}
	if len(s.Windows) == 0 && s.Event != 0 {
		parts = append(parts, "event time "+s.Event.Time().Format(time.RFC3339Nano))
	}
	for i, span := range s.Windows {
		const most = 3
		if i == most {
			parts = append(parts, fmt.Sprintf("and %d more", len(s.Windows)-most))
			break
		}
		parts = append(parts, "from "+span.Start.Time().Format(time.RFC3339)+" to "+span.End.Time().Format(time.RFC3339))
	}
	if s.Late > 0 && s.Watermark != record.StartOfTime {
		parts = append(parts, "event time had come to "+s.Watermark.Time().Format(time.RFC3339Nano))
	}
	return parts
}

// payloadText is a payload as people can read it, in one line: what is not text is in hexadecimal, and what a terminal would take
// for a command is escaped.
func payloadText(data []byte) string {
	if !utf8.Valid(data) {
		return fmt.Sprintf("%s, in hex %x", count(int64(len(data)), "byte"), data)
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return unicode.ReplacementChar
		}
		return r
	}, strings.Join(strings.Fields(string(data)), " "))
}

// shortened cuts text to so many characters.
func shortened(text string, columns int) string {
	if utf8.RuneCountInString(text) <= columns {
		return text
	}
	return string([]rune(text)[:columns-1]) + "…"
}

// wrapped breaks text into lines of so many characters, at a space or comma where one is near, and cuts it behind the most lines.
func wrapped(text string, columns, most int) (lines []string) {
	rest := []rune(text)
	for len(lines) < most-1 && len(rest) > columns {
		at := columns
		for back := columns; back > columns/2; back-- {
			if c := rest[back-1]; c == ' ' || c == ',' {
				at = back
				break
			}
		}
		lines = append(lines, strings.TrimRight(string(rest[:at]), " "))
		rest = rest[at:]
	}
	return append(lines, shortened(string(rest), columns))
}
