// Package regex reads payloads by a regular expression: what its named groups match are the fields.
package regex

import (
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/scalar"
)

// Config says how payloads read.
type Config struct {
	// Pattern is in RE2's syntax, and has named groups: (?<status>[0-9]+), or (?P<status>[0-9]+). It may match anywhere in a
	// payload: ^ and $ tie it to the ends.
	Pattern string
	// Types are the types of fields by name; the others are inferred from what matched (scalar.Inferred).
	Types map[string]scalar.Type
}

// Decoder is a format.Transcoder. Its fields stand in the order of the groups; of several with one name it is the
// first that took part in the match, and where none did the field is null. Time grows with the payload's length times the pattern's, whatever they are. One goroutine uses it.
type Decoder struct {
	pattern *regexp.Regexp
	groups  []group
}

// group is a name, and the groups that have it.
type group struct {
	name   string
	places []int
	prefix []byte // its name as JSON, with what stands around it
	kind   scalar.Type
}

// ErrNoMatch is what AppendJSON answers to a payload that the pattern does not match.
var ErrNoMatch = errors.New("the pattern does not match the payload")

// New returns a decoder. The error says what is wrong with cfg.
func New(cfg Config) (*Decoder, error) {
	pattern, err := regexp.Compile(cfg.Pattern)
	if err != nil {
		return nil, fmt.Errorf("reading the pattern: %w", err)
	}
	d := &Decoder{pattern: pattern}
	for i, name := range pattern.SubexpNames() {
		if name == "" {
			continue
		}
		if first := d.find(name); first >= 0 {
			d.groups[first].places = append(d.groups[first].places, i)
			continue
		}
		prefix := []byte{'{'}
		if len(d.groups) > 0 {
			prefix[0] = ','
		}
		prefix = append(format.AppendString(prefix, []byte(name)), ':')
		d.groups = append(d.groups, group{name, []int{i}, prefix, cfg.Types[name]})
	}
	if len(d.groups) == 0 {
		return nil, errors.New("the pattern has no named group, so that there is no field: name one as (?<status>[0-9]+)")
	}
	for name := range cfg.Types {
		if d.find(name) < 0 {
			return nil, fmt.Errorf("there is a type for the group %q, and the pattern has no such group", name)
		}
	}
	return d, nil
}

// find returns the place of the field of that name, -1 where there is none.
func (d *Decoder) find(name string) int {
	return slices.IndexFunc(d.groups, func(g group) bool { return g.name == name })
}

// Names returns the fields' names, in their order.
func (d *Decoder) Names() []string {
	names := make([]string, len(d.groups))
	for i := range d.groups {
		names[i] = d.groups[i].name
	}
	return names
}

// AppendJSON appends what the groups matched in payload as an object. It is one allocation: package regexp makes a new list
// of places for each match.
func (d *Decoder) AppendJSON(dst, payload []byte) ([]byte, error) {
	if _, err := format.Text(payload); err != nil {
		return dst, err
	}
	places := d.pattern.FindSubmatchIndex(payload)
	if places == nil {
		return dst, ErrNoMatch
	}
	for i := range d.groups {
		g := &d.groups[i]
		dst = append(dst, g.prefix...)
		from, to := g.match(places)
		if from < 0 {
			dst = append(dst, "null"...)
			continue
		}
		var err error
		if dst, err = scalar.Append(dst, payload[from:to], g.kind); err != nil {
			return dst, fmt.Errorf("the group %s, at byte %d: %w", g.name, from, err)
		}
	}
	return append(dst, '}'), nil
}

// match returns the place of the first of the groups that took part, -1 where none did.
func (g *group) match(places []int) (from, to int) {
	for _, i := range g.places {
		if places[2*i] >= 0 {
			return places[2*i], places[2*i+1]
		}
	}
	return -1, -1
}

var _ format.Transcoder = (*Decoder)(nil)
