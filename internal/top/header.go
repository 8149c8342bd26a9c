package top

import (
	"fmt"
	"math"
	"strings"
	"time"

	"charm.land/lipgloss/v2"

	"github.com/kstream/kstream/internal/quantity"
	"github.com/kstream/kstream/pkg/status"
)

// header is the kstream as a whole: its health, and beside each rate how it was, a fact that has no rate.
func (m *Model) header() []string {
	r := m.report
	var read, written status.Volume
	for i := range r.Sources {
		read.Records += r.Sources[i].PerSecond.Records
		read.Bytes += r.Sources[i].PerSecond.Bytes
	}
	if len(r.Outputs) > 0 { // the first is the sink
		written = r.Outputs[0].PerSecond
	}
	facts := m.facts()
	lines := []string{m.title()}
	for i, g := range []struct {
		name, now string
		style     lipgloss.Style
		history   []float64
	}{
		{"read", rates(read), lipgloss.Style{}, m.read},
		{"written", rates(written), lipgloss.Style{}, m.written},
		{"behind", spanOrDash(worst(r.Sources)), lipgloss.Style{}, m.behind},
		{"dead", quantity.Count(float64(r.DeadLetters.Count)) + " letters", m.palette.notNone(r.DeadLetters.Count, m.palette.bad), m.letters},
	} {
		const name, now, fact = 8, 20, 38
		line := m.palette.name.Render(fit(g.name, name, left)) + g.style.Render(fit(g.now, now, left))
		if m.width < name+now+fact {
			lines = append(lines, line)
			continue
		}
		line += m.palette.spark.Render(spark(g.history, min(widest, m.width-name-now-fact)))
		lines = append(lines, line+"  "+m.palette.name.Render(fit(facts[i][0], 11, left))+fit(facts[i][1], fact-13, left))
	}
	return lines
}

// title is the first line: which kstream, and how it is.
func (m *Model) title() string {
	r := m.report
	name := fmt.Sprintf("kstream %s   %s   up %s", m.addr, r.Version, quantity.Span(r.Now.Sub(r.Started).Seconds()))
	state, style := "healthy, ready", m.palette.good
	switch {
	case m.err != nil:
		state, style = "no answer", m.palette.bad
	case !r.Health.OK:
		state, style = "stuck: "+firstLine(r.Health.Says), m.palette.bad
	case !r.Ready.OK:
		state, style = "not ready: "+firstLine(r.Ready.Says), m.palette.warning
	}
	width := min(lipgloss.Width(state), m.width/2)
	return m.palette.head.Render(fit(name, m.width-width-1, left)) + " " + style.Render(fit(state, width, left))
}

// facts are four names and what they are now.
func (m *Model) facts() [4][2]string {
	r := m.report
	checkpoint := "none yet"
	if r.Checkpoint.Age != nil {
		checkpoint = quantity.Span(*r.Checkpoint.Age) + " ago"
		if r.Checkpoint.Took != nil {
			took := time.Duration(*r.Checkpoint.Took * float64(time.Second))
			checkpoint += ", took " + took.Round(time.Millisecond).String()
		}
	}
	watermark, state := "none", "none"
	if r.Watermark != nil {
		watermark = quantity.Span(r.Watermark.Lag) + " behind"
	}
	if r.State != nil {
		state = fmt.Sprintf("%s keys, %s", quantity.Count(float64(r.State.Keys)), quantity.Bytes(float64(r.State.Bytes)))
	}
	buffer := fmt.Sprintf("%s of %s", quantity.Bytes(float64(r.Buffer.Used)), quantity.Bytes(float64(r.Buffer.Limit)))
	return [4][2]string{{"checkpoint", checkpoint}, {"watermark", watermark}, {"buffer", buffer}, {"state", state}}
}

func rates(v status.Volume) string {
	return quantity.Count(v.Records) + "/s  " + quantity.Bytes(v.Bytes) + "/s"
}

// worst is how far behind the furthest shard is, NaN where none is known.
func worst(sources []status.SourceReport) float64 {
	most := math.NaN()
	for i := range sources {
		if b := valueOf(sources[i].Behind); math.IsNaN(most) || b > most {
			most = b
		}
	}
	return most
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
