package expression

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/kstream/kstream/pkg/record"
)

// capture takes parts of a text by the groups of a regular expression: all named ones as an object, or one of them. A text
// that does not match is nil, and so is a group that took no part in it.
func capture(p *preparation) run {
	const example = "`^(?P<host>\\S+) (?P<path>/\\S*)`"
	re, ok := p.pattern(1, example)
	if !ok {
		return nil
	}
	if len(p.parts) == 3 {
		p.gives = String | Nil
		return captureOne(p, re)
	}
	p.gives = Object | Nil
	var names []record.Value
	var groups []int
	for i, name := range re.SubexpNames() {
		if name != "" {
			names = append(names, record.Value{Kind: record.String, Text: []byte(name)})
			groups = append(groups, i)
		}
	}
	if len(names) == 0 {
		p.wrong(1, "such as: "+example+"; a group by its number is the third argument", "the pattern has no named groups")
		return nil
	}
	return func(f *Frame, args []record.Value) record.Value {
		text := args[0].Text
		m := f.match(re, text)
		if m == nil {
			return record.Value{}
		}
		base := len(f.stack)
		for i, group := range groups {
			f.push(names[i])
			f.push(f.group(text, m, group))
		}
		return f.object(base)
	}
}

// captureOne takes the group that the third argument names, or counts from 1; 0 is all that matched.
func captureOne(p *preparation, re *regexp.Regexp) run {
	group := -1
	which := p.parts[2]
	switch n, isInt := which.value.Int(); {
	case !which.constant:
		p.c.fault(p.call.Args[2], `such as: "host", or 1`, "capture needs its group written out")
		return nil
	case isInt && 0 <= n && n <= int64(re.NumSubexp()):
		group = int(n)
	case which.types == String:
		group = re.SubexpIndex(string(which.value.Text))
	}
	if group < 0 {
		p.c.fault(p.call.Args[2], groupsOf(re), "the pattern has no such group")
		return nil
	}
	return func(f *Frame, args []record.Value) record.Value {
		m := f.match(re, args[0].Text)
		if m == nil {
			return record.Value{}
		}
		return f.group(args[0].Text, m, group)
	}
}

// match returns where a pattern's groups are, nil for nowhere. It takes the steps for a search of text, which goes byte by
// byte.
func (f *Frame) match(re *regexp.Regexp, text []byte) []int {
	if !f.spend(len(text) / 8) {
		return nil
	}
	return re.FindSubmatchIndex(text)
}

func groupsOf(re *regexp.Regexp) string {
	var names []string
	for i, name := range re.SubexpNames()[1:] {
		if name == "" {
			name = fmt.Sprint(i + 1)
		}
		names = append(names, name)
	}
	if len(names) == 0 {
		return "it has none; 0 is all that matched"
	}
	return "it has " + strings.Join(names, ", ") + "; 0 is all that matched"
}

// group returns what a group of a match took of text.
func (f *Frame) group(text []byte, m []int, group int) record.Value {
	if m[2*group] < 0 {
		return record.Value{}
	}
	return f.string(text[m[2*group]:m[2*group+1]])
}
