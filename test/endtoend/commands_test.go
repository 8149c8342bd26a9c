package endtoend

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestConsumeReadsToTheEnd(t *testing.T) {
	w := newWorld(t)
	stream := w.stream(t)
	w.put(t, stream, events(0, 60))
	sameSet(t, all(60), w.run(t, nil, "", "consume", stream, "--from", "oldest", "-e"))
	sameSet(t, kept(60), w.run(t, nil, "", "consume", stream, "--from", "oldest", "-e", "--filter", "keep"))
}

func TestConsumeAcrossASplit(t *testing.T) {
	w := newWorld(t)
	stream := w.stream(t)
	w.put(t, stream, events(0, 40))
	w.split(t, stream)
	w.put(t, stream, events(40, 80))
	sameSet(t, all(80), w.run(t, nil, "", "consume", stream, "--from", "oldest", "-e"))
}

func TestProduceWritesLines(t *testing.T) {
	w := newWorld(t)
	stream := w.stream(t)
	var want []string
	for n := range 50 {
		want = append(want, fmt.Sprintf("line %02d", n))
	}
	w.run(t, nil, strings.Join(want, "\n")+"\n", "produce", stream)
	w.run(t, nil, "and one more\n", "produce", stream, "--kpl")
	got := w.run(t, nil, "", "consume", stream, "--from", "oldest", "-e", "-f", `%s\n`)
	slices.Sort(got)
	if want = append([]string{"and one more"}, want...); !slices.Equal(got, want) {
		t.Errorf("produced %q, consumed %q", want, got)
	}
}

func TestStreamsListsIt(t *testing.T) {
	w := newWorld(t)
	stream := w.stream(t)
	listed := w.run(t, nil, "", "streams")
	if !slices.ContainsFunc(listed, func(line string) bool { return strings.HasPrefix(line, stream) }) {
		t.Errorf("%q is not in\n%s", stream, strings.Join(listed, "\n"))
	}
}

func TestCheckFindsNothingWrong(t *testing.T) {
	w := newWorld(t)
	stream := w.stream(t)
	w.run(t, map[string]string{"KSTREAM_STREAM": stream, "KSTREAM_OPERATORS": "filter keep | map n"}, "", "check")
	p := w.start(t, map[string]string{"KSTREAM_STREAM": stream + "x"}, "", "check")
	if status := p.wait(); status == 0 {
		t.Errorf("check of a stream that is not there ended with 0: %s", &p.stdout)
	}
}
