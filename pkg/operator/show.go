package operator

import (
	"strings"
	"time"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/window"
)

// Kept shows what keyed state holds, to whoever looks into it.
type Kept struct{ plan *Plan }

// OpenKept returns what shows the state of the chain of which stateful is what Plan.Stateful returned. An error is that the
// stages alone make no chain: one between them, which state does not tell, makes a field that they need.
func OpenKept(stateful []string) (*Kept, error) {
	plan, err := Compile(Config{Chain: strings.Join(stateful, "\n"), Env: anyEnv})
	if err != nil {
		return nil, err
	}
	return &Kept{plan}, nil
}

// anyEnv stands for an environment: nothing is computed with it where state is only shown.
func anyEnv(name string) string { return name }

// Append appends what a table has for a key, data, as JSON: the aggregates as they are now, a list of them for sessions, the
// time of dedupe's first. ok is false where the table holds nothing for people. An error says what is wrong with data.
func (k *Kept) Append(dst []byte, table uint16, bucket record.Millis, data []byte) (shown []byte, ok bool, err error) {
	show := k.plan.shows[table]
	if show == nil {
		return dst, false, nil
	}
	shown, err = show(dst, bucket, data)
	return shown, err == nil, err
}

// show appends what a keyed stage keeps in a bucket for a key, data, as JSON.
type show func(dst []byte, bucket record.Millis, data []byte) ([]byte, error)

// shown has a plan know how to show what a table holds.
func (b *builder) shown(table uint16, s show) {
	if b.plan.shows == nil {
		b.plan.shows = map[uint16]show{}
	}
	b.plan.shows[table] = s
}

func (w *windowing) show(res *result) show {
	if w.session.Gap > 0 {
		return res.showSessions
	}
	size := w.length()
	return func(dst []byte, end record.Millis, data []byte) ([]byte, error) {
		g, err := res.loadGroup(data)
		if err != nil {
			return dst, err
		}
		dst = append(dst, '{')
		return append(res.showValues(dst, window.Span{Start: end - size, End: end}, g.values), '}'), nil
	}
}

func (s *result) showSessions(dst []byte, _ record.Millis, data []byte) ([]byte, error) {
	k, err := s.loadSessions(data)
	if err != nil {
		return dst, err
	}
	dst = append(dst, '[')
	for i, span := range k.spans {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendTime(append(dst, `{"window_start":`...), span.Start), ',')
		dst = append(appendTime(append(dst, `"window_end":`...), span.End), ',')
		dst = append(s.showValues(dst, span, k.values[i]), '}')
	}
	return append(dst, ']'), nil
}

// showValues appends the aggregates as members; one that can't be computed is null.
func (s *result) showValues(dst []byte, span window.Span, values []window.Accumulator) []byte {
	for i, a := range values {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(format.AppendString(dst, []byte(strings.Join(s.aggregations[i].path, "."))), ':')
		v, _, err := a.Result(nil, span)
		if err != nil {
			v = record.Value{}
		}
		dst = format.Append(dst, &v)
	}
	return dst
}

func showFirst(dst []byte, _ record.Millis, data []byte) ([]byte, error) {
	f, err := loadFirst(data)
	if err != nil {
		return dst, err
	}
	return append(appendTime(append(dst, `{"first":`...), record.Millis(f)), '}'), nil
}

func appendTime(dst []byte, m record.Millis) []byte {
	return append(m.Time().AppendFormat(append(dst, '"'), time.RFC3339Nano), '"')
}
