package operator

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/record"
)

// TestKeyedScripts runs each chain of testdata/keyed over slices of several lanes and prints what comes out, and when. A line
// of in is one slice: its lane, maybe @ and its arrival in milliseconds, and its records, parted by " + ". "idle a" has lane a
// hold nobody back, "end" is the end of a bounded run, and "restart n" a barrier, a crash and a start with n tasks. Each line
// that comes out begins with the number of the line of in after which it did.
func TestKeyedScripts(t *testing.T) {
	sections := []string{"chain", "in", "out", "dead", "late"}
	files, err := filepath.Glob("testdata/keyed/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, path := range files {
		all := readScripts(t, path, sections)
		for i := range all {
			s := &all[i]
			t.Run(filepath.Base(path)+"/"+s.name, func(t *testing.T) {
				got := play(t, s.parts["chain"], lines(s.parts["in"]))
				for _, name := range sections[2:] {
					if *update {
						s.parts[name] = strings.Join(got[name], "\n")
					} else if diff := cmp.Diff(lines(s.parts[name]), got[name]); diff != "" {
						t.Errorf("%s (-want +got):\n%s", name, diff)
					}
				}
			})
		}
		if *update {
			writeScripts(t, path, all, sections)
		}
	}
}

// play runs a script with one task, and returns what it prints by section.
func play(t *testing.T, chain string, in []string) map[string][]string {
	plan := compile(t, chain)
	var names []string
	for _, line := range in {
		if name, _, _ := laneOf(line); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	got := map[string][]string{}
	r := newRig(t, plan, newDisk(), 1, names, nil)
	late := map[string]uint64{}
	for i, line := range in {
		var said, dead []string
		r.say = func(line string) { said = append(said, fmt.Sprintf("%d: %s", i+1, oneLine(line))) }
		r.dead = func(line string) { dead = append(dead, fmt.Sprintf("%d: %s", i+1, oneLine(line))) }
		r = command(t, r, plan, names, line)
		slices.Sort(said)
		got["out"] = append(got["out"], said...)
		got["dead"] = append(got["dead"], dead...)
		for what, n := range r.late {
			late[what] += n
		}
		clear(r.late)
	}
	for what, n := range late {
		if n > 0 {
			got["late"] = append(got["late"], fmt.Sprintf("%s %d", what, n))
		}
	}
	slices.Sort(got["late"])
	return got
}

// command plays one line.
func command(t *testing.T, r *rig, plan *Plan, names []string, line string) *rig {
	name, arrival, payloads := laneOf(line)
	word, rest, _ := strings.Cut(line, " ")
	switch {
	case name != "":
		l := r.lanes[name]
		recs := make([]record.Record, len(payloads))
		for i, p := range payloads {
			recs[i] = record.Record{Data: []byte(p), Key: []byte("pk"), Sequence: sequenceOf(l.next + i), Arrival: arrival, Event: arrival}
		}
		r.slice(l, recs)
		r.drain()
	case word == "idle":
		for _, task := range r.parts[0] {
			task.queue = append(task.queue, message{from: rest, watermark: task.marks[rest], idle: true})
		}
		r.drain()
	case word == "end":
		r.end()
	case word == "restart":
		n, err := strconv.Atoi(rest)
		if err != nil {
			t.Fatal(err)
		}
		s := r.save()
		again := newRig(t, plan, r.disk, n, names, s)
		again.say, again.dead = r.say, r.dead
		for name := range again.lanes {
			again.tell(0, message{from: name, watermark: again.lanes[name].chain.Clock.Watermark()})
		}
		again.drain()
		return again
	default:
		t.Fatalf("no line of a script: %q", line)
	}
	return r
}

// laneOf reads "a@5000 {…} + {…}".
func laneOf(line string) (name string, arrival record.Millis, payloads []string) {
	head, rest, ok := strings.Cut(line, " ")
	if !ok || !strings.HasPrefix(rest, "{") {
		return "", 0, nil
	}
	name, at, _ := strings.Cut(head, "@")
	n, _ := strconv.ParseInt(at, 10, 64)
	return name, record.Millis(n), strings.Split(rest, " + ")
}
