package expression

import (
	"github.com/kstream/kstream/pkg/record"
)

func all(l *looping) record.Value { return record.BoolValue(l.first(record.False) < 0) }

func anyOf(l *looping) record.Value { return record.BoolValue(l.first(record.True) >= 0) }

func none(l *looping) record.Value { return record.BoolValue(l.first(record.True) < 0) }

func one(l *looping) record.Value {
	return record.BoolValue(l.first(record.True) >= 0 && l.first(record.True) < 0)
}

func filter(l *looping) record.Value {
	base := len(l.f.stack)
	for l.next() {
		if l.result.Kind == record.True {
			l.f.push(l.element)
		}
	}
	return l.f.list(base)
}

func find(l *looping) record.Value {
	if l.first(record.True) < 0 {
		return record.Value{}
	}
	return l.element
}

func findLast(l *looping) record.Value {
	e, _ := l.last()
	return e
}

func findIndex(l *looping) record.Value { return placeOf(l.first(record.True)) }

func findLastIndex(l *looping) record.Value {
	_, i := l.last()
	return placeOf(i)
}

func placeOf(i int64) record.Value {
	if i < 0 {
		return record.Value{}
	}
	return record.IntValue(i)
}

// count counts the elements for which the expression is true, or that are true themselves.
func count(l *looping) record.Value {
	n := int64(0)
	for l.first(record.True) >= 0 {
		n++
	}
	return record.IntValue(n)
}

func mapping(l *looping) record.Value {
	base := len(l.f.stack)
	for l.next() {
		l.f.push(l.result)
	}
	return l.f.list(base)
}

// sum passes over nil, as min, max and mean do.
func sum(l *looping) record.Value {
	total := record.IntValue(0)
	for l.next() {
		if !l.result.Nil() {
			total = l.f.arithmetic(&total, &l.result, add)
		}
	}
	return total
}
