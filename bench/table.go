package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// table lays results out as Markdown that reads well in a terminal too. Rates are the stream's records and payloads, read
// and not written, a CPU second of the client.
func table(results []*result, f filled) string {
	rows := [][]string{{"", "records/CPU s", "MB/CPU s", "of (a)", "of (b)", "of raw", "CPU s", "least–most", "in kernel", "wall s", "MiB", "allocations/record"}}
	byName := map[string]*result{}
	for _, r := range results {
		byName[r.name] = r
	}
	for _, r := range results {
		cpu := medianOf(r.costs, cost.seconds)
		bytes, bare, raw := f.Bytes, ratio(byName[bareName], r), ratio(byName[rawName], r)
		if r.stream == protoStream { // those read other bytes
			bytes, bare, raw = f.Proto, "", ""
		}
		rows = append(rows, []string{
			r.name,
			thousands(float64(f.Records) / cpu),
			fmt.Sprintf("%.0f", float64(bytes)/1e6/cpu),
			ratio(byName[cmp.Or(r.loop, stockName)], r), bare, raw,
			fmt.Sprintf("%.2f", cpu),
			spread(r.costs),
			fmt.Sprintf("%.2f", medianOf(r.costs, func(c cost) float64 { return c.kernel.Seconds() })),
			fmt.Sprintf("%.2f", medianOf(r.costs, func(c cost) float64 { return c.wall.Seconds() })),
			fmt.Sprintf("%.0f", medianOf(r.costs, func(c cost) float64 { return float64(c.resident) / (1 << 20) })),
			fmt.Sprintf("%.2f", float64(r.mallocs)/float64(f.Records)),
		})
	}
	return markdown(rows)
}

func (c cost) seconds() float64 { return c.cpu.Seconds() }

// ratio returns how many times as fast r is as base: the median over the rounds, each compared within itself.
func ratio(base, r *result) string {
	var all []float64
	for i, c := range r.costs {
		all = append(all, base.costs[i].seconds()/c.seconds())
	}
	return fmt.Sprintf("%.2f", median(all))
}

func medianOf(costs []cost, of func(cost) float64) float64 {
	var all []float64
	for _, c := range costs {
		all = append(all, of(c))
	}
	return median(all)
}

// median sorts all, which is not empty.
func median(all []float64) float64 {
	slices.Sort(all)
	n := len(all)
	return (all[(n-1)/2] + all[n/2]) / 2
}

// spread is the least and the most CPU time that a round took.
func spread(costs []cost) string {
	least, most := costs[0].cpu, costs[0].cpu
	for _, c := range costs {
		least, most = min(least, c.cpu), max(most, c.cpu)
	}
	return fmt.Sprintf("%.2f–%.2f", least.Seconds(), most.Seconds())
}

// thousands returns v as a whole number, in groups of three digits.
func thousands(v float64) string {
	digits := fmt.Sprintf("%.0f", v)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// markdown aligns the first column to the left and the rest, which are numbers, to the right. The first row is the head.
func markdown(rows [][]string) string {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for n, row := range rows {
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == 0 {
				cell, pad = cell+pad, ""
			}
			b.WriteString("| " + pad + cell + " ")
		}
		b.WriteString("|\n")
		if n == 0 {
			for i, w := range widths {
				rule := strings.Repeat("-", w+1) + ":"
				if i == 0 {
					rule = strings.Repeat("-", w+2)
				}
				b.WriteString("|" + rule)
			}
			b.WriteString("|\n")
		}
	}
	return b.String()
}
