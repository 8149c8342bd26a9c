package top

import (
	"math"
	"strings"
	"unicode"

	"charm.land/lipgloss/v2"
)

// side is where a text stands in its column, and so where it is cut.
type side uint8

const (
	left  side = iota // the end is cut
	right             // numbers, which are never cut where they fit
	tail              // names: the begin is cut, since they differ at the end
)

// fit brings plain text to the width, with a … where something was cut.
func fit(text string, width int, where side) string {
	if width <= 0 {
		return ""
	}
	text = strings.Map(printable, text)
	room := width - lipgloss.Width(text)
	if room < 0 {
		text = cut(text, width-1, where)
		if room = width - 1 - lipgloss.Width(text); where == tail {
			text = "…" + text
		} else {
			text += "…"
		}
	}
	pad := strings.Repeat(" ", room)
	if where == right {
		return pad + text
	}
	return text + pad
}

// cut returns what of text's begin, or of its end, fits into the width.
func cut(text string, width int, where side) string {
	runes := []rune(text)
	for len(runes) > 0 && lipgloss.Width(string(runes)) > width {
		if where == tail {
			runes = runes[1:]
		} else {
			runes = runes[:len(runes)-1]
		}
	}
	return string(runes)
}

// printable keeps what a stream's or a file's name has in it from steering the terminal.
func printable(r rune) rune {
	if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
		return ' '
	}
	return r
}

var levels = []rune("▁▂▃▄▅▆▇█")

// spark draws the last values that the width has room for, against the highest of them. What is not known is blank.
func spark(values []float64, width int) string {
	if width <= 0 {
		return ""
	}
	values = values[max(0, len(values)-width):]
	most := 0.0
	for _, v := range values {
		if v > most { // not so for NaN
			most = v
		}
	}
	line := []rune(strings.Repeat(" ", width-len(values)))
	for _, v := range values {
		switch {
		case math.IsNaN(v):
			line = append(line, ' ')
		case most == 0 || v <= 0:
			line = append(line, levels[0])
		default:
			line = append(line, levels[min(len(levels)-1, int(v/most*float64(len(levels))))])
		}
	}
	return string(line)
}
