package top

import (
	"strings"
)

// snapshotWidth is that of a snapshot: too narrow for what needs more than one look.
const snapshotWidth = lookBackFrom - 1

// Snapshot returns what an answer says as plain text, with every row: for pipes, and terminals that can do no more. It is empty
// for an error.
func Snapshot(addr string, a Answer) string {
	if a.Err != nil {
		return ""
	}
	m := New(addr, nil)
	m.palette, m.width = palette{}, snapshotWidth
	m.take(a)
	lines := m.header()
	for _, p := range m.panes {
		lines = append(append(lines, ""), p.draw(&m.palette, m.width, p.length()+1, false)...)
	}
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}
