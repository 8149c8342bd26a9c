package main

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// What a cell takes, in pixels, and what is around the screen.
const (
	cellWidth, cellHeight = 8.4, 19
	margin                = 14
	bar                   = 30 // with the title
)

// The colours are ours and not the page's, so that they are the same wherever it is dark or light.
var palette = [16]string{
	"#6e7681", "#ff7b72", "#3fb950", "#d29922", "#58a6ff", "#bc8cff", "#39c5cf", "#b1bac4",
	"#8b949e", "#ffa198", "#56d364", "#e3b341", "#79c0ff", "#d2a8ff", "#56d4dd", "#ffffff",
}

const paper, ink = "#0d1117", "#e6edf3"

// frame is what was on the screen from a time on.
type frame struct {
	at   time.Duration
	rows [][]cell
}

// drawing makes one SVG of frames: each different row is there once, a frame is rows that are used, and the frames stand under each
// other and are moved past a window of one frame's height. No script, no fonts from elsewhere.
type drawing struct {
	rows  map[string]int // an already drawn row's number
	defs  strings.Builder
	strip strings.Builder
}

// draw returns the picture of frames, which begins with the first of them, lasts for a time, and begins anew. Its title is also what a reader hears who does not see
// it. Whoever wants no movement sees the fullest frame, the last of several.
func draw(title string, frames []frame, lasts time.Duration) string {
	columns, rows := len(frames[0].rows[0]), len(frames[0].rows)
	width, height := pixels(float64(columns)*cellWidth), rows*cellHeight
	d := &drawing{rows: map[string]int{}}
	var moves strings.Builder
	still, most := 0, 0
	for i, f := range frames {
		if n := filled(f.rows); n >= most {
			still, most = i, n
		}
		d.frame(f.rows, i*height)
		fmt.Fprintf(&moves, "%s%%{transform:translateY(-%dpx)}", pixels(100*(f.at-frames[0].at).Seconds()/lasts.Seconds()), i*height)
	}
	all, allHeight := pixels(float64(columns)*cellWidth+2*margin), height+bar+margin
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%d" viewBox="0 0 %s %d" role="img" aria-labelledby="t">`+"\n",
		all, allHeight, all, allHeight)
	fmt.Fprintf(&b, "<title id=\"t\">%s</title>\n<style>\n", escaped(title))
	fmt.Fprintf(&b, "text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono',monospace;fill:%s;white-space:pre}\n", ink)
	fmt.Fprintf(&b, ".b{font-weight:bold}.f{opacity:.6}.u{text-decoration:underline}\n@keyframes m{%s}\n", moves.String())
	fmt.Fprintf(&b, ".s{transform:translateY(-%dpx)}\n", still*height)
	fmt.Fprintf(&b, "@media (prefers-reduced-motion:no-preference){.s{animation:m %ss steps(1,end) infinite}}\n</style>\n", pixels(lasts.Seconds()))
	fmt.Fprintf(&b, `<rect x=".5" y=".5" width="%s" height="%d" rx="8" fill="%s" stroke="#444c56"/>`+"\n", pixels(float64(columns)*cellWidth+2*margin-1), allHeight-1, paper)
	for i, colour := range []string{"#ff5f57", "#febc2e", "#28c840"} {
		fmt.Fprintf(&b, `<circle cx="%d" cy="15" r="5" fill="%s"/>`, 18+i*18, colour)
	}
	fmt.Fprintf(&b, "\n<defs>\n%s</defs>\n", d.defs.String())
	fmt.Fprintf(&b, "<svg x=\"%d\" y=\"%d\" width=\"%s\" height=\"%d\"><g class=\"s\">\n%s</g></svg>\n</svg>\n", margin, bar, width, height, d.strip.String())
	return b.String()
}

// filled returns how many rows have something in them.
func filled(rows [][]cell) (n int) {
	for _, row := range rows {
		if drawRow(row) != "" {
			n++
		}
	}
	return n
}

// frame draws the rows of a frame that begins at y.
func (d *drawing) frame(rows [][]cell, y int) {
	for i, row := range rows {
		drawn := drawRow(row)
		if drawn == "" {
			continue
		}
		n, ok := d.rows[drawn]
		if !ok {
			n = len(d.rows)
			d.rows[drawn] = n
			fmt.Fprintf(&d.defs, "<g id=\"r%d\">%s</g>\n", n, drawn)
		}
		fmt.Fprintf(&d.strip, "<use href=\"#r%d\" y=\"%d\"/>", n, y+i*cellHeight)
	}
	d.strip.WriteByte('\n')
}

// drawRow draws a row's runs of one style. Each has its length said, so that columns stand where they should in any font.
func drawRow(row []cell) string {
	var b strings.Builder
	for from := 0; from < len(row); {
		to := from + 1
		for to < len(row) && row[to].style == row[from].style {
			to++
		}
		drawRun(&b, row[from:to], from)
		from = to
	}
	return b.String()
}

func drawRun(b *strings.Builder, run []cell, column int) {
	var text strings.Builder
	for _, c := range run {
		text.WriteRune(c.char)
	}
	look := run[0].style
	fg, bg := colour(look.fg, ink), colour(look.bg, paper)
	if look.invert {
		fg, bg = bg, fg
	}
	if bg != paper {
		fmt.Fprintf(b, `<rect x="%s" width="%s" height="%d" fill="%s"/>`, pixels(float64(column)*cellWidth), pixels(float64(len(run))*cellWidth), cellHeight, bg)
	}
	seen := strings.TrimRight(text.String(), " ")
	led := strings.TrimLeft(seen, " ")
	if led == "" {
		return
	}
	column += len(seen) - len(led)
	fmt.Fprintf(b, `<text x="%s" y="14" textLength="%s"`, pixels(float64(column)*cellWidth), pixels(float64(len([]rune(led)))*cellWidth))
	if fg != ink {
		fmt.Fprintf(b, ` style="fill:%s"`, fg)
	}
	if classes := look.classes(); classes != "" {
		fmt.Fprintf(b, ` class="%s"`, classes)
	}
	fmt.Fprintf(b, ">%s</text>", escaped(led))
}

// classes returns the names of what a style has besides colours.
func (s style) classes() string {
	var list []string
	for _, c := range []struct {
		name string
		on   bool
	}{{"b", s.bold}, {"f", s.faint}, {"u", s.underline}} {
		if c.on {
			list = append(list, c.name)
		}
	}
	return strings.Join(list, " ")
}

// colour returns a colour as SVG has it; 0 is the one that is meant where none is said.
func colour(n int, none string) string {
	switch i := n - 1; {
	case n == 0:
		return none
	case n >= trueColour:
		return fmt.Sprintf("#%06x", n-trueColour)
	case i < 16:
		return palette[i]
	case i >= 232: // greys
		v := 8 + (i-232)*10
		return fmt.Sprintf("#%02x%02x%02x", v, v, v)
	default: // a cube of 6 × 6 × 6
		steps := [6]int{0, 95, 135, 175, 215, 255}
		i -= 16
		return fmt.Sprintf("#%02x%02x%02x", steps[i/36], steps[i/6%6], steps[i%6])
	}
}

func pixels(f float64) string { return strconv.FormatFloat(f, 'f', -1, 32) }

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a Builder never fails
	return b.String()
}
