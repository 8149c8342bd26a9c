package main

import (
	"bytes"
	"strconv"
	"strings"
)

// escape does what the sequence at the begin of data asks for, and returns its length; 0: its end has not come.
func (s *screen) escape(data []byte) int {
	if len(data) < 2 {
		return 0
	}
	switch data[1] {
	case '[':
		end := bytes.IndexFunc(data[2:], func(r rune) bool { return r >= 0x40 && r <= 0x7e })
		if end < 0 {
			return 0
		}
		s.control(string(data[2:2+end]), data[2+end])
		return 3 + end
	case ']', 'P', '_', '^': // titles, colours that are asked for, and other texts that end with BEL or ESC \
		return ended(data)
	case '7':
		s.saved = [2]int{s.row, s.column}
	case '8':
		s.row, s.column = s.saved[0], s.saved[1]
	case 'M':
		if s.row == s.top {
			s.scroll(s.top, -1)
		} else {
			s.row = max(0, s.row-1)
		}
	case '(', ')', '#', ' ':
		if len(data) < 3 {
			return 0
		}
		return 3
	}
	return 2
}

func ended(data []byte) int {
	bell, st := bytes.IndexByte(data, 0x07), bytes.Index(data, []byte("\x1b\\"))
	switch {
	case bell >= 0 && (st < 0 || bell < st):
		return bell + 1
	case st >= 0:
		return st + 2
	}
	return 0
}

// control does a CSI sequence.
func (s *screen) control(parameters string, final byte) {
	if strings.HasPrefix(parameters, "?") {
		s.mode(parameters[1:], final == 'h')
		return
	}
	if strings.ContainsAny(parameters, "<>=! $\"'") {
		return // queries, and the keyboard's and the mouse's ways
	}
	list := numbers(parameters)
	n := max(1, list[0])
	if final != 'm' {
		s.pending = false
	}
	switch final {
	case 'm':
		s.look(list)
	case 'A':
		s.row = max(0, s.row-n)
	case 'B':
		s.row = min(s.rows-1, s.row+n)
	case 'C':
		s.column = min(s.columns-1, s.column+n)
	case 'D':
		s.column = max(0, s.column-n)
	case 'G', '`':
		s.column = min(s.columns-1, n-1)
	case 'd':
		s.row = min(s.rows-1, n-1)
	case 'H', 'f':
		s.row, s.column = min(s.rows-1, n-1), 0
		if len(list) > 1 {
			s.column = min(s.columns-1, max(1, list[1])-1)
		}
	default:
		s.edit(list[0], n, final)
	}
}

// edit does what changes cells.
func (s *screen) edit(kind, n int, final byte) {
	switch final {
	case 'J':
		s.eraseScreen(kind)
	case 'K':
		from, to := []int{s.column, 0, 0}[min(kind, 2)], []int{s.columns, s.column + 1, s.columns}[min(kind, 2)]
		s.clear(s.row, from, to)
	case 'X':
		s.clear(s.row, s.column, min(s.columns, s.column+n))
	case 'P':
		row := s.cells[s.row]
		n = min(n, s.columns-s.column)
		copy(row[s.column:], row[s.column+n:])
		s.clear(s.row, s.columns-n, s.columns)
	case '@':
		row := s.cells[s.row]
		n = min(n, s.columns-s.column)
		copy(row[s.column+n:], row[s.column:])
		s.clear(s.row, s.column, s.column+n)
	case 'b':
		if s.column > 0 {
			for char := s.cells[s.row][s.column-1].char; n > 0; n-- {
				s.put(char)
			}
		}
	case 'L':
		s.scroll(s.row, -n)
	case 'M':
		s.scroll(s.row, n)
	case 'S':
		s.scroll(s.top, n)
	case 'T':
		s.scroll(s.top, -n)
	}
}

// eraseScreen clears from the cursor on (0), up to it (1), or all (2, 3).
func (s *screen) eraseScreen(kind int) {
	for row := range s.rows {
		switch {
		case kind >= 2 || kind == 0 && row > s.row || kind == 1 && row < s.row:
			s.clear(row, 0, s.columns)
		case row == s.row && kind == 0:
			s.clear(row, s.column, s.columns)
		case row == s.row:
			s.clear(row, 0, s.column+1)
		}
	}
}

// mode turns one of the terminal's private ways on or off: the cursor, and the screen of full-screen programs, which begins empty
// and leaves what was there before.
func (s *screen) mode(which string, on bool) {
	switch {
	case which == "25":
		s.hidden = !on
	case which == "1049" && on:
		s.main, s.saved = s.copied(), [2]int{s.row, s.column}
		s.style = style{}
		s.eraseScreen(2)
		s.row, s.column, s.pending = 0, 0, false
	case which == "1049" && s.main != nil:
		s.cells, s.main = s.main, nil
		s.row, s.column, s.style, s.pending = s.saved[0], s.saved[1], style{}, false
	}
}

// numbers reads the parameters of a sequence, within what a screen may have; what is not there is 0.
func numbers(text string) []int {
	parts := strings.Split(strings.ReplaceAll(text, ":", ";"), ";")
	list := make([]int, len(parts))
	for i, part := range parts {
		n, _ := strconv.Atoi(part)
		list[i] = max(0, min(n, 9999))
	}
	return list
}
