package top

import (
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/status"
)

var update = flag.Bool("update", false, "write the screens as they are into testdata")

var began = time.Date(2024, 5, 1, 10, 0, 0, 0, time.UTC)

func pointer[T any](v T) *T { return &v }

// report is that of a run over n shards, some looks after its start.
func report(n, looks int) *status.Report {
	now := began.Add(time.Duration(looks) * Interval)
	r := &status.Report{
		Now: now, Version: "v1.2.3", Started: began, Health: status.Verdict{OK: true, Says: "ok"}, Ready: status.Verdict{OK: true, Says: "ok"},
		Checkpoint: status.CheckpointReport{Age: pointer(3.2), Took: pointer(0.0184), Interval: 10},
		Watermark:  &status.WatermarkReport{At: now.Add(-6 * time.Second), Lag: 6}, State: &status.StateReport{Keys: 12345, Bytes: 3 << 20},
		Buffer:  status.BufferReport{Used: 12 << 20, Limit: 256 << 20},
		Sources: []status.SourceReport{{Stream: "orders", Partitions: n, PerSecond: status.Volume{Records: 1234, Bytes: 2_345_678}, Behind: pointer(75.0)}},
		Stages: []status.StageReport{
			{Stage: "1:decode", Text: "decode json, assumed", Assumed: true, PerSecond: status.Flow[float64]{In: 1234, Out: 1233}, Records: status.Flow[uint64]{DeadLetter: 7}},
			{Stage: "1:filter", Text: "filter status >= 500 && service != \"health\" && region == \"eu-west-1\"", PerSecond: status.Flow[float64]{In: 1233, Out: 33.3, Filtered: 1199.7}},
			{Stage: "2:key_by", Text: "key_by service", PerSecond: status.Flow[float64]{In: 33.3, Out: 33.3}},
			{Stage: "3:window", Text: "window tumbling 1m", Part: 1, PerSecond: status.Flow[float64]{In: 33.3, Out: 33.3}, Records: status.Flow[uint64]{Late: 42}},
			{Stage: "4:aggregate", Text: "aggregate n = count()", Part: 1, PerSecond: status.Flow[float64]{In: 33.3, Out: 0.03}},
		},
		Outputs: []status.OutputReport{
			{Output: "file", Target: "/data/out.jsonl", Records: 98, Bytes: 7654, PerSecond: status.Volume{Records: 0.03, Bytes: 2}},
			{Output: "dead_letters", Target: "/var/lib/kstream/dead-letters.jsonl", Records: 7, Bytes: 1234},
		},
		DeadLetters: status.DeadLettersSummary{Count: 7, Noted: 7},
		History:     status.History{At: []int64{now.UnixMilli()}, Read: status.Series{float64(1000 + 100*looks)}, Written: status.Series{0}, Behind: status.Series{math.NaN()}, DeadLetters: status.Series{1}},
	}
	for i := range n {
		r.Partitions = append(r.Partitions, status.PartitionReport{
			Stream: "orders", Shard: fmt.Sprintf("shardId-%012d", i), Parents: []string{"shardId-999999999999"},
			Behind: pointer(float64(i * 25)), Retention: 86400, Records: uint64(i * 1000), PerSecond: status.Volume{Records: float64((i*37)%11*100 + looks), Bytes: float64(i) * 9999},
		})
	}
	return r
}

func answer(r *status.Report) Answer { return Answer{At: r.Now, Report: r} }

// answers are those of so many looks at n shards.
func answers(n, looks int) (list []tea.Msg) {
	for i := range looks {
		list = append(list, answer(report(n, i)))
	}
	return list
}

var errGone = errors.New("asking 127.0.0.1:8080: connection refused")

func gone(after time.Duration) tea.Msg { return Answer{At: began.Add(after), Err: errGone} }

// keys are those that give these words: names, or characters one after the other.
func keys(names ...string) (list []tea.Msg) {
	special := map[string]rune{
		"tab": tea.KeyTab, "esc": tea.KeyEscape, "enter": tea.KeyEnter, "down": tea.KeyDown, "up": tea.KeyUp, "end": tea.KeyEnd, "pgup": tea.KeyPgUp,
		"pgdown": tea.KeyPgDown, "home": tea.KeyHome, "backspace": tea.KeyBackspace,
	}
	for _, name := range names {
		if code, ok := special[name]; ok {
			list = append(list, tea.KeyPressMsg{Code: code})
			continue
		}
		for _, r := range name {
			list = append(list, tea.KeyPressMsg{Code: r, Text: string(r)})
		}
	}
	return list
}

// screen returns the model after the messages, in a window of that size.
func screen(width, height int, palette palette, messages ...[]tea.Msg) *Model {
	m := New("127.0.0.1:8080", nil)
	m.palette = palette
	m.Update(tea.WindowSizeMsg{Width: width, Height: height})
	for _, list := range messages {
		for _, msg := range list {
			m.Update(msg)
		}
	}
	return m
}

func TestScreens(t *testing.T) {
	stuck := report(2, 1)
	stuck.Health = status.Verdict{Says: "orders/shardId-000000000001: one slice has been worked on for 2m0s"}
	starting := &status.Report{Now: began, Started: began, Version: "v1.2.3", Health: status.Verdict{OK: true}, Ready: status.Verdict{Says: "starting"}}
	two := report(2, 1)
	two.Sources = append(two.Sources, status.SourceReport{Stream: "other"})
	for _, c := range []struct {
		name          string
		width, height int
		messages      [][]tea.Msg
	}{
		{"usual", 80, 24, [][]tea.Msg{answers(4, 5)}},
		{"wide", 170, 40, [][]tea.Msg{answers(4, 40)}},
		{"narrow", 50, 16, [][]tea.Msg{answers(9, 5)}},
		{"small", 43, 24, [][]tea.Msg{answers(4, 1)}},
		{"many", 100, 24, [][]tea.Msg{answers(500, 2), keys("down", "jj", "pgdown")}},
		{"last", 100, 24, [][]tea.Msg{answers(500, 2), keys("G", "up")}},
		{"sorted", 80, 24, [][]tea.Msg{answers(20, 2), keys("ss", "j")}},
		{"stages", 80, 18, [][]tea.Msg{answers(20, 2), keys("tab", "G", "sss")}},
		{"filter", 80, 24, [][]tea.Msg{answers(20, 2), keys("/", "01", "x", "backspace")}},
		{"filtered", 80, 24, [][]tea.Msg{answers(20, 2), keys("/", "ID-00000000001", "enter", "j")}},
		{"unfiltered", 80, 24, [][]tea.Msg{answers(20, 2), keys("/", "nothing", "esc")}},
		{"help", 80, 24, [][]tea.Msg{answers(20, 2), keys("?")}},
		{"asking", 80, 24, nil},
		{"nobody", 80, 24, [][]tea.Msg{{gone(time.Second)}}},
		{"gone", 80, 24, [][]tea.Msg{answers(4, 5), {gone(10 * time.Second), gone(22 * time.Second)}}},
		{"stuck", 100, 24, [][]tea.Msg{{answer(stuck)}}},
		{"starting", 80, 24, [][]tea.Msg{{answer(starting)}}},
		{"streams", 80, 24, [][]tea.Msg{{answer(two)}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			lines := screen(c.width, c.height, palette{}, c.messages...).lines()
			golden(t, c.name, lines)
			if len(lines) > c.height {
				t.Errorf("%d lines in a window of %d", len(lines), c.height)
			}
			for i, coloured := range screen(c.width, c.height, colours(), c.messages...).lines() {
				if lipgloss.Width(coloured) > c.width || lipgloss.Width(coloured) != lipgloss.Width(lines[i]) {
					t.Errorf("line %d is %d wide in colour, and %d without: %q", i, lipgloss.Width(coloured), lipgloss.Width(lines[i]), coloured)
				}
			}
		})
	}
}

func TestSnapshot(t *testing.T) {
	text := Snapshot("127.0.0.1:8080", answer(report(4, 1)))
	golden(t, "snapshot", strings.Split(strings.TrimSuffix(text, "\n"), "\n"))
	if strings.Contains(text, "\x1b") {
		t.Error("there are colours in it")
	}
}

// golden compares lines with what testdata has, without the spaces at their ends.
func golden(t *testing.T, name string, lines []string) {
	t.Helper()
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	path := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("the screen was (-) and is (+); -update writes it:\n%s", diff)
	}
}
