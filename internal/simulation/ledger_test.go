package simulation

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// ledger is what was put, and what has to come out of it.
type ledger struct {
	lines   []entry // in the order in which they were put
	letters []entry
	all     []arrived // every payload that was put
}

// entry is one line of output, or one dead letter. All are different.
type entry struct {
	line  string
	shard string
	key   string
	at    time.Time // of its arrival
}

// held returns l without what retention had taken, unread, at the time of horizon; read tells what had been read before.
func (l *ledger) held(horizon, read time.Time) *ledger {
	gone := func(e entry) bool { return e.at.After(read) && e.at.Before(horizon) }
	return &ledger{
		lines:   slices.DeleteFunc(slices.Clone(l.lines), gone),
		letters: slices.DeleteFunc(slices.Clone(l.letters), gone),
	}
}

// compare holds what stands in files, in their order, against what has to: each line once, in order within its shard and
// for its key.
func compare(t *testing.T, what string, want []entry, got []string) {
	t.Helper()
	place := make(map[string]int, len(want))
	for i, e := range want {
		if _, twice := place[e.line]; twice {
			t.Fatalf("%s: the ledger holds %s twice", what, e.line)
		}
		place[e.line] = i
	}
	last := map[string]int{}
	for _, line := range got {
		i, ok := place[line]
		if !ok {
			continue // the difference below says so
		}
		for _, group := range []string{"shard " + want[i].shard, "key " + want[i].key} {
			if before, seen := last[group]; seen && i < before {
				t.Errorf("%s: %s: %s stands behind %s", what, group, line, want[before].line)
			}
			last[group] = i
		}
	}
	lines := make([]string, 0, len(want))
	for _, e := range want {
		lines = append(lines, e.line)
	}
	slices.Sort(lines)
	slices.Sort(got)
	if diff := cmp.Diff(lines, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s: %d lines, want %d; wanted (-) and got (+) differ:\n%s", what, len(got), len(lines), head(diff, 30))
	}
}

func head(text string, lines int) string {
	all := strings.Split(text, "\n")
	if len(all) <= lines {
		return text
	}
	return strings.Join(all[:lines], "\n") + fmt.Sprintf("\n… and %d more lines", len(all)-lines)
}
