package main

import (
	"fmt"
	"slices"
	"time"
)

// step is a number of records that were put, and what came of it.
type step struct {
	name    string
	records int
	before  mark
	handled view // when the last had been read
	after   mark // when all was saved
	saves   []time.Duration
}

func (l *liveRun) scene() string {
	return fmt.Sprintf("%d keys, one record of about 80 bytes each, from %d shards; GOMEMLIMIT %d MiB, BUFFER and STATE_MEMORY %d MiB each.\n"+
		"It took up to %d MiB of memory at once.\n", l.keys, l.shards, l.limit/10*9>>20, l.limit/4>>20, l.box.peak()>>20)
}

// table says what each step took. Rates are of the time until all records had been read; memory and disk are those until
// they were saved.
func (l *liveRun) table() string {
	rows := [][]string{{"", "records", "s", "records/s", "records/CPU s", "MiB, most", "MiB, then", "disk MiB", "checkpoints", "ms, each", "ms, longest"}}
	for _, st := range l.steps {
		row := []string{st.name, thousands(float64(st.records)), "", "", ""}
		if st.records > 0 {
			wall, cpu := st.handled.at.Sub(st.before.at).Seconds(), (st.handled.cpu - st.before.cpu).Seconds()
			row[2], row[3] = fmt.Sprintf("%.1f", wall), thousands(float64(st.records)/wall)
			if cpu > 0 {
				row[4] = thousands(float64(st.records) / cpu)
			}
		}
		rows = append(rows, append(row,
			thousands(float64(st.after.most>>20)), thousands(float64(st.after.resident>>20)), thousands(float64(st.after.disk>>20)),
			fmt.Sprint(len(st.saves)), milliseconds(medianTime(st.saves)), milliseconds(slices.Max(st.saves)),
		))
	}
	return markdown(rows)
}

func (l *liveRun) startTable() string {
	return fmt.Sprintf("Ready %s ms after its first start, and %s ms after the start that found all keys on disk.\n",
		milliseconds(l.starts[0]), milliseconds(l.starts[len(l.starts)-1]))
}

func medianTime(all []time.Duration) time.Duration {
	var seconds []float64
	for _, d := range all {
		seconds = append(seconds, d.Seconds())
	}
	return time.Duration(median(seconds) * float64(time.Second))
}

func milliseconds(d time.Duration) string { return thousands(d.Seconds() * 1000) }
