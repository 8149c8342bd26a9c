package top

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/kstream/kstream/internal/quantity"
)

// The window has to have room for the numbers at least, and a row of each pane.
const (
	leastWidth  = 44
	leastHeight = 14
)

// View draws the screen.
func (m *Model) View() tea.View {
	v := tea.NewView(strings.Join(m.lines(), "\n"))
	v.AltScreen = true
	v.WindowTitle = "kstream top " + m.addr
	return v
}

// lines returns the screen's lines.
func (m *Model) lines() []string {
	switch {
	case m.width == 0:
		return nil // the window's size comes right away
	case m.width < leastWidth || m.height < leastHeight:
		return []string{fit(fmt.Sprintf("kstream top needs %d by %d", leastWidth, leastHeight), m.width, left)}
	case m.help:
		return m.helpLines()
	case m.report == nil:
		return m.waiting()
	}
	lines := append(m.header(), "")
	body := m.body(m.height - len(lines) - 1)
	lines = append(lines, body...)
	for len(lines) < m.height-1 {
		lines = append(lines, "")
	}
	return append(lines, m.footer())
}

// waiting says that nothing has answered yet.
func (m *Model) waiting() []string {
	lines := []string{"asking the kstream at " + m.addr + " …"}
	if m.err != nil {
		lines = append(lines, "", m.palette.bad.Render("it does not answer")+", and is asked again every "+Interval.String()+":")
		lines = append(lines, wrapped(m.err.Error(), m.width)...)
	}
	return append(lines, "", m.palette.hint.Render("q quits"))
}

// body gives each pane rows: three to all, one by one, then what the one in focus wants, then the others.
func (m *Model) body(height int) []string {
	const first = 3
	rows := make([]int, len(m.panes))
	free := height - len(m.panes) // their heads
	give := func(i, want int) {
		n := max(0, min(want-rows[i], free))
		rows[i] += n
		free -= n
	}
	for n := range first {
		for i, p := range m.panes {
			give(i, min(n+1, p.length()))
		}
	}
	give(m.focus, m.panes[m.focus].length())
	for i, p := range m.panes {
		give(i, p.length())
	}
	var lines []string
	for i, p := range m.panes {
		if i > 0 && free >= len(m.panes)-1 {
			lines = append(lines, "")
		}
		lines = append(lines, p.draw(&m.palette, m.width, rows[i]+1, i == m.focus)...)
	}
	return lines
}

// footer says what can be done, or that nothing answers.
func (m *Model) footer() string {
	switch {
	case m.typing:
		return fit("/"+m.panes[m.focus].searched()+"█", m.width, tail)
	case m.err != nil:
		text := fmt.Sprintf("no answer for %s, asking on: %v", quantity.Span(m.at.Sub(m.failed).Seconds()), m.err)
		return m.palette.bad.Render(fit(text, m.width, left))
	}
	return m.palette.hint.Render(fit("↑↓ move   Tab pane   s sort   / filter   r ask now   ? help   q quit", m.width, left))
}

func (m *Model) helpLines() []string {
	lines := []string{fit("kstream top: the kstream at "+m.addr, m.width, left)}
	for _, k := range keyHelp {
		lines = append(lines, fit(fit(k[0], 21, left)+k[1], m.width, left))
	}
	lines = append(lines, "")
	lines = append(lines, wrapped(columnHelp, m.width)...)
	return append(lines[:min(len(lines), m.height-1)], m.palette.hint.Render("any key goes back"))
}

// wrapped breaks text at spaces.
func wrapped(text string, width int) (lines []string) {
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return slices.Concat(lines, []string{line})
}
