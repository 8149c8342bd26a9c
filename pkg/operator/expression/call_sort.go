package expression

import (
	"errors"
	"slices"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

func reverse(f *Frame, args []record.Value) record.Value {
	base := f.spread(args[0].Text)
	slices.Reverse(f.stack[base:])
	return f.list(base)
}

func uniq(f *Frame, args []record.Value) record.Value {
	base := len(f.stack)
	for w := format.NewWalk(args[0].Text); w.Next(); {
		v := f.parse(w.Raw)
		seen := slices.ContainsFunc(f.stack[base:], func(u record.Value) bool {
			return f.spend(1) && f.equal(&u, &v)
		})
		if !seen {
			f.push(v)
		}
		if f.err != nil {
			break
		}
	}
	return f.list(base)
}

func sorted(f *Frame, args []record.Value) record.Value {
	down, ok := f.direction("sort", args[1:])
	if !ok {
		return record.Value{}
	}
	base := f.spread(args[0].Text)
	slices.SortStableFunc(f.stack[base:], func(a, b record.Value) int { return f.rank("sort", &a, &b) * down })
	return f.list(base)
}

// direction reads "asc" and "desc".
func (f *Frame) direction(who string, args []record.Value) (sign int, ok bool) {
	switch {
	case len(args) == 0 || string(args[0].Text) == "asc":
		return 1, true
	case string(args[0].Text) == "desc":
		return -1, true
	}
	f.fail(errors.New(who + `: the order is "asc" or "desc"`))
	return 0, false
}

// rank orders a and b for sorting, and fails for what has no order.
func (f *Frame) rank(who string, a, b *record.Value) int {
	sign, ok := order(a, b)
	if !ok && f.err == nil {
		f.fail(errors.New(who + " can't order " + Describe(a) + " and " + Describe(b)))
	}
	f.spend(1)
	return sign
}
