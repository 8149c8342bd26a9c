package main

import (
	"slices"
	"unicode/utf8"
)

// style is how a cell looks. A colour is 0 (the terminal's own), or 1 + an index of the 256, or trueColour + 0xRRGGBB.
type style struct {
	fg, bg                         int
	bold, faint, underline, invert bool
}

const trueColour = 1 << 24

// cell is one place of the screen. Characters of double width are not told apart: no command of ours prints any.
type cell struct {
	char  rune
	style style
}

var blank = cell{char: ' '}

// screen is what a terminal shows of the bytes that were written to it. It knows what programs of ours and Bubble Tea's
// renderer send; other sequences are passed over. One goroutine.
type screen struct {
	columns, rows int
	cells         [][]cell
	row, column   int
	pending       bool // a character stands in the last column, and the next one goes to a new line
	style         style
	saved         [2]int
	main          [][]cell // what was there before a full-screen program came
	top, bottom   int      // the rows that scroll, bottom included
	hidden        bool
	rest          []byte // the begin of a sequence or character whose end has not come
}

func newScreen(columns, rows int) *screen {
	s := &screen{columns: columns, rows: rows, bottom: rows - 1}
	for range rows {
		s.cells = append(s.cells, s.emptyRow())
	}
	return s
}

func (s *screen) emptyRow() []cell {
	row := make([]cell, s.columns)
	for i := range row {
		row[i] = blank
	}
	return row
}

// write shows what a program has written.
func (s *screen) write(p []byte) {
	data := slices.Concat(s.rest, p)
	s.rest = nil
	for len(data) > 0 {
		n := s.step(data)
		if n == 0 {
			s.rest = append([]byte(nil), data...)
			break
		}
		data = data[n:]
	}
}

// step takes one character or sequence off data, and returns its length; 0: its end has not come.
func (s *screen) step(data []byte) int {
	switch c := data[0]; {
	case c == 0x1b:
		return s.escape(data)
	case c == '\n':
		s.pending = false
		s.lineFeed()
	case c == '\r':
		s.column, s.pending = 0, false
	case c == '\b':
		s.column, s.pending = max(0, s.column-1), false
	case c == '\t':
		s.column, s.pending = min(s.columns-1, s.column/8*8+8), false
	case c >= ' ':
		if !utf8.FullRune(data) {
			return 0
		}
		char, n := utf8.DecodeRune(data)
		s.put(char)
		return n
	}
	return 1
}

func (s *screen) put(char rune) {
	if s.pending {
		s.column, s.pending = 0, false
		s.lineFeed()
	}
	s.cells[s.row][s.column] = cell{char, s.style}
	if s.column == s.columns-1 {
		s.pending = true
		return
	}
	s.column++
}

func (s *screen) lineFeed() {
	switch {
	case s.row == s.bottom:
		s.scroll(s.top, 1)
	case s.row < s.rows-1:
		s.row++
	}
}

// scroll moves the rows from the given one to the bottom up by n; down where n is negative.
func (s *screen) scroll(from, n int) {
	for ; n > 0; n-- {
		copy(s.cells[from:s.bottom], s.cells[from+1:s.bottom+1])
		s.cells[s.bottom] = s.emptyRow()
	}
	for ; n < 0; n++ {
		copy(s.cells[from+1:s.bottom+1], s.cells[from:s.bottom])
		s.cells[from] = s.emptyRow()
	}
}

// clear empties the cells of a row from one column up to another, which is not included.
func (s *screen) clear(row, from, to int) {
	for i := from; i < to; i++ {
		s.cells[row][i] = cell{' ', style{bg: s.style.bg}}
	}
}

// copied returns a copy of what is shown.
func (s *screen) copied() [][]cell {
	rows := make([][]cell, s.rows)
	for i, row := range s.cells {
		rows[i] = append([]cell(nil), row...)
	}
	return rows
}

// picture returns a copy of what is shown, the cursor as a cell turned round.
func (s *screen) picture() [][]cell {
	rows := s.copied()
	if !s.hidden {
		rows[s.row][s.column].style.invert = true
	}
	return rows
}
