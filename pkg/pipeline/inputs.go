package pipeline

import "github.com/kstream/kstream/pkg/record"

// inputs is a task's view of event time: the watermark of each lane, or task of the part before it, that sends to it. Its
// own is the least of them and never goes back. An idle input holds nobody back. It has no locks and no clock.
type inputs struct {
	all  map[int]*input
	busy []*input // those that are not idle: a heap, the least watermark first

	reached record.Millis // the task's watermark
	over    int           // inputs whose event time has come to its end
}

type input struct {
	watermark record.Millis
	at        int // its place in busy; -1: idle
}

func newInputs(reached record.Millis) *inputs {
	return &inputs{all: map[int]*input{}, reached: reached}
}

// open brings in an input that begins at watermark w.
func (in *inputs) open(id int, w record.Millis) {
	i := &input{watermark: w, at: len(in.busy)}
	in.all[id] = i
	in.busy = append(in.busy, i)
	in.up(i.at)
}

// move has an input's watermark at w: it is not idle.
func (in *inputs) move(id int, w record.Millis) {
	i := in.all[id]
	i.watermark = w
	if i.at < 0 {
		i.at = len(in.busy)
		in.busy = append(in.busy, i)
	}
	in.down(in.up(i.at))
}

// idle has an input hold nobody back until it moves again.
func (in *inputs) idle(id int) { in.unhold(in.all[id]) }

// leave forgets an input: nothing more comes of it.
func (in *inputs) leave(id int) {
	in.unhold(in.all[id])
	delete(in.all, id)
}

func (in *inputs) unhold(i *input) {
	at, last := i.at, len(in.busy)-1
	if at < 0 {
		return
	}
	in.swap(at, last)
	in.busy = in.busy[:last]
	if i.at = -1; at < last {
		in.down(in.up(at))
	}
}

// watermark returns the task's own. clock is what it follows where all inputs are idle.
func (in *inputs) watermark(clock record.Millis) record.Millis {
	switch {
	case len(in.busy) > 0:
		in.reached = max(in.reached, in.busy[0].watermark)
	case len(in.all) > 0:
		in.reached = max(in.reached, clock)
	}
	return in.reached
}

func (in *inputs) swap(a, b int) {
	in.busy[a], in.busy[b] = in.busy[b], in.busy[a]
	in.busy[a].at, in.busy[b].at = a, b
}

func (in *inputs) less(a, b int) bool { return in.busy[a].watermark < in.busy[b].watermark }

func (in *inputs) up(at int) int {
	for at > 0 && in.less(at, (at-1)/2) {
		in.swap(at, (at-1)/2)
		at = (at - 1) / 2
	}
	return at
}

func (in *inputs) down(at int) {
	for {
		least := at
		for child := 2*at + 1; child <= 2*at+2 && child < len(in.busy); child++ {
			if in.less(child, least) {
				least = child
			}
		}
		if least == at {
			return
		}
		in.swap(at, least)
		at = least
	}
}
