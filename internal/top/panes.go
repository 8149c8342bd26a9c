package top

import (
	"cmp"
	"math"
	"strings"

	"charm.land/lipgloss/v2"

	"github.com/kstream/kstream/internal/quantity"
	"github.com/kstream/kstream/pkg/status"
)

// shard is a row of the shards' pane.
type shard struct {
	status.PartitionReport
	name  string
	rates []float64 // records a second, at each look
}

// left is how long what it reads next is still kept, in seconds; NaN: not known.
func (s *shard) left() float64 {
	if s.Behind == nil || s.Retention == 0 {
		return math.NaN()
	}
	return s.Retention - *s.Behind
}

// The ages at which a shard is looked at twice: the retention left of which the alert rules page too, and a lag that no
// pause between two polls explains.
const (
	leftIsShort  = 6 * 3600 // seconds
	behindIsLong = 60
)

// lookBackFrom is the window's width from which on each shard has a line of its rates.
const lookBackFrom = 112

func shards() *table[shard] {
	return &table[shard]{
		title: "SHARDS", sort: -1, key: func(s *shard) string { return s.name },
		columns: []column[shard]{
			{side: tail, text: func(s *shard, _ int) string { return s.name }},
			{head: "BEHIND", width: 8, side: right, text: func(s *shard, _ int) string { return spanOrDash(valueOf(s.Behind)) },
				style: func(p *palette, s *shard) lipgloss.Style {
					if s.Behind != nil && *s.Behind > behindIsLong {
						return p.warning
					}
					return lipgloss.Style{}
				},
				by: most(func(s *shard) float64 { return valueOf(s.Behind) })},
			{head: "LEFT", width: 8, from: 70, side: right, text: func(s *shard, _ int) string { return spanOrDash(s.left()) },
				style: func(p *palette, s *shard) lipgloss.Style {
					if s.left() < leftIsShort {
						return p.bad
					}
					return lipgloss.Style{}
				}},
			{head: "REC/S", width: 7, side: right, text: func(s *shard, _ int) string { return quantity.Count(s.PerSecond.Records) },
				by: most(func(s *shard) float64 { return s.PerSecond.Records })},
			{head: "BYTES/S", width: 9, side: right, text: func(s *shard, _ int) string { return quantity.Bytes(s.PerSecond.Bytes) },
				by: most(func(s *shard) float64 { return s.PerSecond.Bytes })},
			{head: "RECORDS", width: 8, from: 100, side: right, text: func(s *shard, _ int) string { return quantity.Count(float64(s.Records)) }},
			{head: "REC/S, LAST MINUTE", width: lookBack, from: lookBackFrom, text: func(s *shard, width int) string { return spark(s.rates, width) },
				style: func(p *palette, _ *shard) lipgloss.Style { return p.spark }},
			{head: "PARENTS", width: 41, from: 160, side: tail, text: func(s *shard, _ int) string { return strings.Join(s.Parents, " ") }},
		},
	}
}

func stages() *table[status.StageReport] {
	type stage = status.StageReport
	flow := func(head string, width, from int, of func(*stage) float64, style func(*palette, *stage) lipgloss.Style) column[stage] {
		return column[stage]{head: head, width: width, from: from, side: right, style: style, by: most(of),
			text: func(s *stage, _ int) string { return quantity.Count(of(s)) }}
	}
	return &table[stage]{
		title: "STAGES", sort: -1, key: stageName,
		columns: []column[stage]{
			{text: func(s *stage, _ int) string { return stageName(s) }},
			flow("IN/S", 7, 0, func(s *stage) float64 { return s.PerSecond.In }, nil),
			flow("OUT/S", 7, 0, func(s *stage) float64 { return s.PerSecond.Out }, nil),
			flow("FILTERED/S", 11, 70, func(s *stage) float64 { return s.PerSecond.Filtered }, nil),
			flow("MISMATCHES", 11, lookBackFrom, func(s *stage) float64 { return float64(s.Records.Mismatch) }, nil),
			flow("LATE", 7, 90, func(s *stage) float64 { return float64(s.Records.Late) }, func(p *palette, s *stage) lipgloss.Style {
				return p.notNone(s.Records.Late, p.warning)
			}),
			flow("DEAD", 7, 0, func(s *stage) float64 { return float64(s.Records.DeadLetter) }, func(p *palette, s *stage) lipgloss.Style {
				return p.notNone(s.Records.DeadLetter, p.bad)
			}),
		},
	}
}

// stageName is a stage's place, and the stage as it was written.
func stageName(s *status.StageReport) string {
	place, word, _ := strings.Cut(s.Stage, ":")
	return place + " " + cmp.Or(s.Text, word)
}

func outputs() *table[status.OutputReport] {
	type output = status.OutputReport
	return &table[output]{
		title: "OUTPUTS", sort: -1, key: outputName,
		columns: []column[output]{
			{text: func(o *output, _ int) string { return outputName(o) }},
			{head: "REC/S", width: 7, side: right, text: func(o *output, _ int) string { return quantity.Count(o.PerSecond.Records) }},
			{head: "BYTES/S", width: 9, side: right, text: func(o *output, _ int) string { return quantity.Bytes(o.PerSecond.Bytes) }},
			{head: "RECORDS", width: 8, from: 70, side: right, text: func(o *output, _ int) string { return quantity.Count(float64(o.Records)) }},
			{head: "BYTES", width: 9, from: 90, side: right, text: func(o *output, _ int) string { return quantity.Bytes(float64(o.Bytes)) }},
			{head: "REFUSED", width: 7, side: right, text: func(o *output, _ int) string { return quantity.Count(float64(o.Refused)) },
				style: func(p *palette, o *output) lipgloss.Style { return p.notNone(o.Refused, p.bad) }},
		},
	}
}

func outputName(o *status.OutputReport) string { return strings.TrimSpace(o.Output + " " + o.Target) }

// notNone is style where there is something to look at.
func (p *palette) notNone(n uint64, style lipgloss.Style) lipgloss.Style {
	if n > 0 {
		return style
	}
	return lipgloss.Style{}
}

// valueOf is NaN where a value is not known.
func valueOf(v *float64) float64 {
	if v == nil {
		return math.NaN()
	}
	return *v
}

func spanOrDash(seconds float64) string {
	if math.IsNaN(seconds) {
		return "-"
	}
	return quantity.Span(seconds)
}
