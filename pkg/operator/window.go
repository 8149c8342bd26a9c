package operator

import (
	"fmt"
	"time"

	"github.com/kstream/kstream/pkg/operator/nearest"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/window"
)

// window tumbling D, window sliding D, every D and window session GAP say over which stretches of event time the aggregate
// behind them is computed, for each key, or for the whole stream where no key_by stands before.
//
//   - lateness D keeps a window that has fired for D more of event time: a late record opens it again, and its result comes
//     once more, with a higher revision. Only the last one is promised. A session takes none.
//   - late dead_letter sends what comes too late to the dead letters. Without it late records are counted and dropped.
func compileWindow(b *builder, c *clause) {
	w := &windowing{c: c}
	b.window = w
	b.needs(c, "its kind: window tumbling 1m, window sliding 5m, every 1m, window session 30m")
	if len(c.args) == 0 {
		return
	}
	kind, size := c.args[0].word()
	known := map[string]string{"late": "dead_letter"}
	switch kind.String() {
	case "tumbling", "sliding":
		known["lateness"] = "10m"
	case "session":
	default:
		b.noWindow(c, kind)
		return
	}
	if kind.String() == "sliding" {
		known["every"] = "1m"
	}
	if at, ok := optionAt(c, "lateness"); ok && kind.String() == "session" {
		b.fault(at, "a session takes no lateness", "give timestamp more disorder")
		return
	}
	o := b.options(c, c.args[1:], known)
	if size.from == size.to {
		b.fault(kind, fmt.Sprintf("window %s needs a duration", kind), fmt.Sprintf("such as: window %s 1m", kind))
		return
	}
	d, ok := b.duration(size, time.Millisecond)
	w.lateness = o.duration(b, "lateness", 0, time.Millisecond)
	w.latenessAt = o["lateness"]
	w.letters = b.late(o)
	w.kind(b, o, kind, size, d, ok)
}

// windowing is a window stage that waits for its aggregate.
type windowing struct {
	c          *clause
	assigner   window.Assigner
	session    window.Session // Gap 0: it is none
	lateness   time.Duration
	latenessAt span
	letters    bool // what is late goes to the dead letters
	text       string
}

// length returns that of a tumbling or sliding window.
func (w *windowing) length() record.Millis {
	switch a := w.assigner.(type) {
	case window.Tumbling:
		return plus(0, a.Size)
	case window.Sliding:
		return plus(0, a.Size)
	}
	return 0
}

func (w *windowing) kind(b *builder, o options, kind, size span, d time.Duration, ok bool) {
	w.text = fmt.Sprintf("window %s %s", kind, short(d))
	switch kind.String() {
	case "tumbling":
		w.assigner = window.Tumbling{Size: d}
	case "session":
		w.session = window.Session{Gap: d}
	case "sliding":
		at, said := o["every"]
		if !said {
			b.fault(size, "window sliding needs to know how often a window begins", fmt.Sprintf("such as: window sliding %s, every 1m", size))
			return
		}
		every, fine := b.duration(at, time.Millisecond)
		if ok && fine {
			b.checkSliding(at, size, d, every)
		}
		w.assigner = window.Sliding{Size: d, Every: every}
		w.text += fmt.Sprintf(", every %s", short(every))
	}
	if w.lateness > 0 {
		w.text += fmt.Sprintf(", lateness %s", short(w.lateness))
	}
}

// maxSlides is how many sliding windows a record may fall into: each is an update.
const maxSlides = 1000

func (b *builder) checkSliding(at, size span, d, every time.Duration) {
	switch {
	case every > d:
		b.fault(at, fmt.Sprintf("with a window of %s every %s, what falls between two windows would be lost", size, at),
			fmt.Sprintf("every is at most %s", size))
	case (d+every-1)/every > maxSlides:
		b.fault(at, fmt.Sprintf("each record would fall into %d windows", (d+every-1)/every), fmt.Sprintf("at most %d are allowed: let them begin less often", maxSlides))
	}
}

func (b *builder) noWindow(c *clause, kind span) {
	known := []string{"tumbling", "sliding", "session"}
	near := nearest.Of(kind.String(), known)
	if other := map[string]string{"hopping": "sliding", "hop": "sliding", "tumble": "tumbling", "fixed": "tumbling"}[kind.String()]; other != "" {
		near = other
	}
	hint := "there are tumbling, sliding and session"
	if near != "" {
		hint = "did you mean " + near + "?"
	}
	if _, err := time.ParseDuration(c.args[0].String()); err == nil || kind.from == kind.to {
		b.fault(c.args[0], "window needs its kind ahead of the duration", "such as: window tumbling 1m")
		return
	}
	b.fault(kind, fmt.Sprintf("there is no window %s", kind), hint)
}

// late reads what is to become of late records, and reports whether that is the dead letters.
func (b *builder) late(o options) bool {
	at, ok := o["late"]
	if ok && at.String() != "dead_letter" {
		b.fault(at, "late records go to the dead letters, or are counted and dropped", "late dead_letter, or leave it out")
	}
	return ok
}

// optionAt returns where an option of that name stands.
func optionAt(c *clause, name string) (at span, ok bool) {
	for _, arg := range c.args[1:] {
		if word, _ := arg.word(); word.String() == name {
			return arg, true
		}
	}
	return span{}, false
}
