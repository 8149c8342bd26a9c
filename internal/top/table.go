package top

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"charm.land/lipgloss/v2"
)

// column is one of a table's. The first of a table takes the room that the others leave.
type column[T any] struct {
	head  string
	width int // 0 for the first
	from  int // the width of the window from which on it is shown
	side  side
	text  func(row *T, width int) string
	// style is how a cell looks; nil: as the rest.
	style func(p *palette, row *T) lipgloss.Style
	// by orders rows by this column, what matters most first; nil: they can't be.
	by func(a, b *T) int
}

// table is a pane of rows, of which only those that are seen are drawn. T is a row.
type table[T any] struct {
	title   string
	columns []column[T]
	key     func(row *T) string // what a row is known by, and filtered by

	rows   []T
	shown  []int // of rows: those that pass the filter, in order
	filter string
	sort   int // a column; -1: as they come
	cursor int // in shown
	top    int // the first that is seen, in shown
}

// set takes new rows. The cursor stays on the row that it is on, wherever that is now.
func (t *table[T]) set(rows []T) {
	on := ""
	if t.cursor < len(t.shown) {
		on = t.key(&t.rows[t.shown[t.cursor]])
	}
	t.rows = rows
	t.arrange(on)
}

// arrange filters and orders the rows, and puts the cursor on the one with that key, if it is still there.
func (t *table[T]) arrange(on string) {
	t.shown = t.shown[:0]
	for i := range t.rows {
		if t.filter == "" || strings.Contains(strings.ToLower(t.key(&t.rows[i])), strings.ToLower(t.filter)) {
			t.shown = append(t.shown, i)
		}
	}
	if t.sort >= 0 {
		by := t.columns[t.sort].by
		slices.SortStableFunc(t.shown, func(a, b int) int { return by(&t.rows[a], &t.rows[b]) })
	}
	at := slices.IndexFunc(t.shown, func(i int) bool { return t.key(&t.rows[i]) == on })
	if at < 0 {
		at = min(t.cursor, len(t.shown)-1)
	}
	t.cursor = max(0, at)
}

// search shows only rows whose key has text in it, in capitals or not.
func (t *table[T]) search(text string) {
	t.filter = text
	t.arrange("")
}

// resort orders by the next column that rows can be ordered by, and behind the last as they come.
func (t *table[T]) resort() {
	for t.sort++; t.sort < len(t.columns) && t.columns[t.sort].by == nil; t.sort++ {
	}
	if t.sort == len(t.columns) {
		t.sort = -1
	}
	t.cursor = 0
	t.arrange("")
}

// move moves the cursor by n rows.
func (t *table[T]) move(n int) { t.cursor = max(0, min(t.cursor+n, len(t.shown)-1)) }

func (t *table[T]) length() int { return len(t.shown) }

// searched returns the filter.
func (t *table[T]) searched() string { return t.filter }

// draw returns the head and as many rows as the height has room for.
func (t *table[T]) draw(p *palette, width, height int, focus bool) []string {
	lines := []string{t.drawHead(p, width, focus)}
	rows := max(0, height-1)
	t.top = max(0, min(t.top, len(t.shown)-rows))
	t.top = max(min(t.top, t.cursor), t.cursor-rows+1)
	for at := t.top; at < min(t.top+rows, len(t.shown)); at++ {
		lines = append(lines, t.drawRow(p, &t.rows[t.shown[at]], width, focus && at == t.cursor))
	}
	return lines
}

func (t *table[T]) drawHead(p *palette, width int, focus bool) string {
	title := fmt.Sprintf("%s %d", t.title, len(t.rows))
	if t.filter != "" {
		title = fmt.Sprintf("%s %d of %d /%s", t.title, len(t.shown), len(t.rows), t.filter)
	}
	var line strings.Builder
	line.WriteString(fit(title, t.room(width), left))
	for i := range t.columns[1:] {
		c := &t.columns[i+1]
		if width < c.from {
			continue
		}
		head := c.head
		if t.sort == i+1 {
			head = "▼" + head
		}
		line.WriteString(" " + fit(head, c.width, c.side))
	}
	if focus {
		return p.focus.Render(line.String())
	}
	return p.head.Render(line.String())
}

func (t *table[T]) drawRow(p *palette, row *T, width int, cursor bool) string {
	var line strings.Builder
	cell := func(c *column[T], width int) {
		text := fit(c.text(row, width), width, c.side)
		if c.style != nil && !cursor {
			text = c.style(p, row).Render(text)
		}
		line.WriteString(text)
	}
	cell(&t.columns[0], t.room(width))
	for i := range t.columns[1:] {
		if c := &t.columns[i+1]; width >= c.from {
			line.WriteByte(' ')
			cell(c, c.width)
		}
	}
	if cursor {
		return p.cursor.Render(line.String())
	}
	return line.String()
}

// room is what the others leave to the first column.
func (t *table[T]) room(width int) int {
	room := width
	for i := range t.columns[1:] {
		if c := &t.columns[i+1]; width >= c.from {
			room -= c.width + 1
		}
	}
	return room
}

// most orders by a number, the largest first.
func most[T any](of func(*T) float64) func(a, b *T) int {
	return func(a, b *T) int { return cmp.Compare(of(b), of(a)) }
}
