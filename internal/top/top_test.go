package top

import (
	"context"
	"math"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"github.com/kstream/kstream/pkg/status"
)

// One question leads to the next, two seconds after its answer; "ask now" makes no second row of them.
func TestOneQuestionAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked []int64
		m := New("addr", func(_ context.Context, since int64) (*status.Report, error) {
			asked = append(asked, since)
			return report(1, len(asked)), nil
		})
		first := m.Init()
		if cmd := m.key(tea.KeyPressMsg{Code: 'r', Text: "r"}); cmd != nil {
			t.Error("r asks again while an answer is waited for")
		}
		begun := time.Now()
		_, tick := m.Update(first())
		_, now := m.Update(tea.KeyPressMsg{Code: 'r', Text: "r"})
		_, laterTick := m.Update(now())
		if _, cmd := m.Update(tick()); cmd != nil {
			t.Error("the question before r asks on too")
		}
		_, next := m.Update(laterTick())
		if next == nil {
			t.Fatal("nothing asks on")
		}
		if waited := time.Since(begun); waited != Interval {
			t.Errorf("it asks again after %v, want %v", waited, Interval)
		}
		next()
		want := []int64{0, report(1, 1).Now.UnixMilli(), report(1, 2).Now.UnixMilli()}
		if !slices.Equal(asked, want) {
			t.Errorf("asked for what is behind %v, want %v", asked, want)
		}
	})
}

// Another process at the same address has other counts: nothing of the one before is drawn with them.
func TestAnotherProcess(t *testing.T) {
	m := screen(120, 24, palette{}, answers(3, 5), keys("j"), []tea.Msg{gone(time.Minute)})
	if len(m.read) != 5 || len(m.shards.rows[0].rates) != 5 {
		t.Fatalf("%d samples and %d rates, want 5", len(m.read), len(m.shards.rows[0].rates))
	}
	fresh := report(2, 1)
	fresh.Started = began.Add(time.Hour)
	m.Update(answer(fresh))
	if len(m.read) != 1 || len(m.shards.rows) != 2 || len(m.shards.rows[0].rates) != 1 {
		t.Errorf("%d samples, and %d shards with %d rates", len(m.read), len(m.shards.rows), len(m.shards.rows[0].rates))
	}
	if m.err != nil || m.shards.cursor != 1 {
		t.Errorf("the error is %v, and the cursor at %d", m.err, m.shards.cursor)
	}
}

// What is kept has a bound, however long it looks on.
func TestMemoryIsBounded(t *testing.T) {
	m := screen(120, 24, palette{}, answers(3, widest+50))
	if len(m.read) != widest || len(m.shards.rows[0].rates) != lookBack {
		t.Errorf("%d samples and %d rates, want %d and %d", len(m.read), len(m.shards.rows[0].rates), widest, lookBack)
	}
}

// Of ten thousand shards those that are seen are drawn, and no other.
func TestOnlyWhatIsSeenIsDrawn(t *testing.T) {
	m := screen(120, 24, palette{}, answers(10_000, 1), keys("G"))
	drawn := 0
	text := m.shards.columns[0].text
	m.shards.columns[0].text = func(s *shard, width int) string {
		drawn++
		return text(s, width)
	}
	m.View()
	if drawn == 0 || drawn > 24 {
		t.Errorf("%d rows are drawn in a window of 24", drawn)
	}
}

// The cursor stays on its shard, wherever an answer puts it.
func TestCursorStaysOnItsRow(t *testing.T) {
	m := screen(120, 24, palette{}, answers(5, 1), keys("jj"))
	next := report(5, 2)
	next.Partitions = next.Partitions[1:]
	m.Update(answer(next))
	if s := m.shards; s.rows[s.shown[s.cursor]].name != "shardId-000000000002" {
		t.Errorf("it is on %s", s.rows[s.shown[s.cursor]].name)
	}
	next.Partitions = next.Partitions[:1]
	m.Update(answer(next))
	if m.shards.cursor != 0 {
		t.Errorf("it is at %d of one", m.shards.cursor)
	}
	next.Partitions = nil
	m.Update(answer(next))
	m.Update(tea.KeyPressMsg{Code: tea.KeyDown})
	m.View()
}

func TestQuit(t *testing.T) {
	for _, k := range []tea.KeyPressMsg{{Code: 'q', Text: "q"}, {Code: 'c', Mod: tea.ModCtrl}} {
		m := screen(80, 24, palette{}, answers(1, 1))
		if _, cmd := m.Update(k); cmd == nil || cmd() != tea.Quit() {
			t.Errorf("%s does not quit", k)
		}
	}
	m := screen(80, 24, palette{}, answers(1, 1), keys("/", "q"))
	if m.panes[0].searched() != "q" {
		t.Errorf("q in a filter gave %q", m.panes[0].searched())
	}
}

func TestFit(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		where side
		want  string
	}{
		{"abc", 5, left, "abc  "}, {"abc", 5, right, "  abc"}, {"abcdef", 4, left, "abc…"}, {"abcdef", 4, tail, "…def"}, {"abc", 0, left, ""},
		{"日本語", 4, left, "日… "}, {"日本語", 4, tail, "…語 "}, {"a\x1b[2Jb\n", 8, left, "a [2Jb  "}, {"a\u202eb", 3, left, "a b"},
	} {
		if got := fit(c.text, c.width, c.where); got != c.want || lipgloss.Width(got) != c.width {
			t.Errorf("fit(%q, %d) = %q, want %q", c.text, c.width, got, c.want)
		}
	}
}

func TestSpark(t *testing.T) {
	for _, c := range []struct {
		values []float64
		width  int
		want   string
	}{
		{nil, 3, "   "}, {[]float64{0, 0}, 3, " ▁▁"}, {[]float64{1, 2, 4, 8}, 4, "▂▃▅█"}, {[]float64{9, 1, math.NaN(), 1}, 3, "█ █"}, {[]float64{1}, 0, ""},
	} {
		if got := spark(c.values, c.width); got != c.want {
			t.Errorf("spark(%v) = %q, want %q", c.values, got, c.want)
		}
	}
}
