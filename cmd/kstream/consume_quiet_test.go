package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Nothing stands between the answer that has the first records and the screen: no batch, linger or tick. A merge waits for
// the first answer of every shard.
func TestFirstRecordIsShownAtOnce(t *testing.T) {
	for _, c := range []struct {
		args string
		puts time.Duration // after the begin
		want string
	}{
		{"", 20 * time.Second, "a\nb\n"},
		{"--from oldest", -time.Minute, "a\nb\n"},
		{"--last 2", -time.Minute, "a\nb\n"},
		{"--from oldest -e", -time.Minute, "a\nb\n"},
	} {
		inBubble(t, func(b *bubble) {
			if c.puts < 0 {
				b.put("a", "b")
				time.Sleep(-c.puts)
			}
			b.consume(c.args, func() {
				time.Sleep(c.puts + time.Second/3)
				if c.puts > 0 {
					b.put("a", "b")
				}
				for b.out.String() == "" {
					time.Sleep(time.Millisecond)
				}
				if late := b.out.first.UnixMilli() - b.answered.Load(); late > 0 {
					b.t.Errorf("%q: the first line is %d ms behind the answer", c.args, late)
				}
				time.Sleep(2 * time.Second)
			})
			if got := b.out.String(); len(got) != len(c.want) {
				t.Errorf("%q: got %q, want %q in some order", c.args, got, c.want)
			}
		})
	}
}

// A person who follows a stream and sees nothing is told why: which field nobody has, what a stage refuses.
func TestBlockedIsSaid(t *testing.T) {
	for _, c := range []struct {
		args string
		want []string
	}{
		{`--filter 'leve == "error"'`, []string{"2 records were read, and nothing has come out so far\n", "none of the first 2 records has a field leve; did you mean level?"}},
		{`--filter 'level > 3'`, []string{"nothing has come out", "needs a number in the field level, which was always a string in the first 2 records"}},
		{`--grep nothing`, []string{"2 records were read, and nothing has come out so far\n"}},
		{`--filter 'level != "debug"'`, nil},
		{`--filter 'x == 1' -q`, nil},
	} {
		inBubble(t, func(b *bubble) {
			b.consume("--from oldest "+c.args, func() {
				time.Sleep(10 * time.Second)
				b.put(`{"level":"error"}`, `{"level":"info"}`)
				time.Sleep(20 * time.Second)
				synctest.Wait()
				said := b.err.String()
				for _, want := range c.want {
					if strings.Count(said, want) != 1 {
						b.t.Errorf("%s: it has not said %q once, but\n%s", c.args, want, said)
					}
				}
				if c.want == nil && said != "" {
					b.t.Errorf("%s: it said %s", c.args, said)
				}
			})
		})
	}
}

// What is said, and when: of a quiet stream once, then of records that do not pass; nothing behind the first that does.
func TestSilence(t *testing.T) {
	for _, c := range []struct {
		name string
		look func(after time.Duration) passed
		want string
	}{
		{"records", func(time.Duration) passed { return passed{ready: true, read: 5, written: 1} }, ""},
		{"nothing yet", func(time.Duration) passed { return passed{} }, ""},
		{"quiet", func(time.Duration) passed { return passed{ready: true} }, "quiet at 4s;"},
		{"none passes", func(time.Duration) passed { return passed{ready: true, read: 5} }, "5 blocked at 6s;"},
		{"quiet, and then none passes", func(after time.Duration) passed {
			return passed{ready: true, read: uint64(after / (10 * time.Second))}
		}, "quiet at 4s;1 blocked at 15s;"},
		{"quiet, and then one passes", func(after time.Duration) passed {
			return passed{ready: true, read: uint64(after / (10 * time.Second)), written: uint64(after / (12 * time.Second))}
		}, "quiet at 4s;"},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			began, said := time.Now(), ""
			s := &silence{
				look:    func() passed { return c.look(time.Since(began)) },
				none:    func(context.Context) { said += fmt.Sprintf("quiet at %s;", time.Since(began)) },
				blocked: func(p passed) { said += fmt.Sprintf("%d blocked at %s;", p.read, time.Since(began)) },
			}
			s.run(ctx)
			if said != c.want {
				t.Errorf("%s: got %q, want %q", c.name, said, c.want)
			}
		})
	}
}

// A quiet stream's newest record is found, however long ago it came and however much came before it.
func TestQuietNote(t *testing.T) {
	for _, c := range []struct {
		name  string
		puts  int
		every time.Duration
		ago   time.Duration
		want  string
	}{
		{"nothing was ever put", 0, 0, time.Hour, "and the stream holds none from before"},
		{"one", 1, 0, 10 * time.Second, "14s ago: --last 20, or --from 18s, shows it"},
		{"an hour of records", 3600, time.Second, 3 * time.Hour, "3h ago: --last 20, or --from 4h, shows it"},
	} {
		inBubble(t, func(b *bubble) {
			for range c.puts {
				b.put("x")
				time.Sleep(c.every)
			}
			time.Sleep(c.ago - c.every)
			got := quietNote(b.t.Context(), time.Now(), b.clients)
			if !strings.HasPrefix(got, "no records since ") || !strings.Contains(got, c.want) {
				t.Errorf("%s: got %q, want %q in it", c.name, got, c.want)
			}
		})
	}
}

// A time that is told roughly is near, and what --from is given reaches behind it.
func TestRoughly(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 1400 * time.Millisecond: "1s", 90 * time.Second: "90s", 121 * time.Second: "2m", 119 * time.Minute: "119m",
		170 * time.Minute: "3h", 48 * time.Hour: "2d", 61 * time.Hour: "3d",
	} {
		if got := roughly(d); got != want {
			t.Errorf("%s: got %s, want %s", d, got, want)
		}
	}
	for ago := time.Second; ago < 365*24*time.Hour; ago += ago/7 + time.Second {
		days, isDays := strings.CutSuffix(roughly(ago+ago/4+time.Second), "d")
		if isDays {
			n, err := strconv.Atoi(days)
			must(t, err)
			days = fmt.Sprint(24*n, "h")
		}
		from, err := time.ParseDuration(days)
		must(t, err)
		if from < ago || from > 2*ago+2*time.Second {
			t.Errorf("a record of %s ago is looked for from %s on", ago, from)
		}
	}
}
