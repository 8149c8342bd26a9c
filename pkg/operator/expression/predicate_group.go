package expression

import (
	"slices"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

// keyed is an element and what the expression made of it.
type keyed struct{ key, element record.Value }

func (l *looping) keyed() (all []keyed) {
	for l.next() {
		all = append(all, keyed{l.result, l.element})
	}
	return all
}

// sortBy orders elements by the expression's result, equal ones as they were.
func sortBy(l *looping) record.Value {
	down, ok := l.f.direction("sortBy", l.args)
	if !ok {
		return record.Value{}
	}
	elements := l.keyed()
	slices.SortStableFunc(elements, func(a, b keyed) int { return l.f.rank("sortBy", &a.key, &b.key) * down })
	base := len(l.f.stack)
	for i := range elements {
		l.f.push(elements[i].element)
	}
	return l.f.list(base)
}

// groupBy gives an object of lists by the text of the expression's result, in the order in which the groups were met.
func groupBy(l *looping) record.Value {
	places := map[string]int{}
	var names []string
	var groups [][]record.Value
	for _, e := range l.keyed() {
		name := string(format.AppendText(nil, &e.key))
		i, ok := places[name]
		if !ok {
			i = len(groups)
			places[name] = i
			names, groups = append(names, name), append(groups, nil)
		}
		groups[i] = append(groups[i], e.element)
	}
	base := len(l.f.stack)
	for i, group := range groups {
		l.f.push(record.Value{Kind: record.String, Text: []byte(names[i])})
		from := len(l.f.stack)
		for _, v := range group {
			l.f.push(v)
		}
		l.f.push(l.f.list(from))
	}
	return l.f.object(base)
}

// reduce keeps #acc: it begins with the third argument, or with the first element.
func reduce(l *looping) record.Value {
	f := l.f
	switch {
	case len(l.args) > 0:
		f.loop.acc = l.args[0]
	case l.walk.Next():
		f.loop.acc = f.parse(l.walk.Raw)
		l.index++
	default:
		return record.Value{}
	}
	for l.next() {
		f.loop.acc = l.result
	}
	return f.loop.acc
}
