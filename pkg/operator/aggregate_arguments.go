package operator

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kstream/kstream/pkg/operator/expression"
	"github.com/kstream/kstream/pkg/window"
)

// arguments reads what stands in the brackets.
func (k *caller) arguments(inner span) {
	var given []span
	if inner.from < inner.to {
		given = inner.parts()
	}
	given = slices.DeleteFunc(given, k.option)
	for _, p := range k.f.Params {
		switch {
		case p.Option:
		case len(given) == 0:
			if !p.Optional && !k.bad {
				k.fault(span{k.at.src, k.at.to - 1, k.at.to}, fmt.Sprintf("%s needs %s", k.f.Name, p.Name))
			}
		case p.Repeated:
			k.repeated(p, given)
			given = nil
		default:
			k.argument(p, given[0])
			given = given[1:]
		}
	}
	if len(given) > 0 {
		k.fault(given[0], fmt.Sprintf("%s takes no more than %s", k.f.Name, k.takes()))
	}
}

// takes says what the function takes.
func (k *caller) takes() string {
	var names []string
	for _, p := range k.f.Params {
		if p.Option {
			continue
		}
		names = append(names, p.Name)
	}
	if len(names) == 0 {
		return "its brackets"
	}
	return strings.Join(names, ", ")
}

func (k *caller) fault(at span, message string) {
	k.bad = true
	k.b.fault(at, message, k.f.Example)
}

// option reads `name value` where the function has such an option, and reports whether it has.
func (k *caller) option(at span) bool {
	word, value := at.word()
	i := slices.IndexFunc(k.f.Params, func(p window.Param) bool { return p.Option && p.Name == word.String() })
	if i < 0 || value.from == value.to {
		return false
	}
	if _, err := strconv.ParseFloat(value.String(), 64); err != nil {
		return false // such as an expression over a field of that name
	}
	if n, ok := k.constant(k.f.Params[i], value); ok {
		k.args[word.String()] = n
		k.last = append(k.last, fmt.Sprintf("%s %v", word, n))
	}
	return true
}

func (k *caller) argument(p window.Param, at span) {
	if p.Kind == window.Number || p.Kind == window.Count {
		if n, ok := k.constant(p, at); ok {
			k.args[p.Name] = n
			k.texts = append(k.texts, fmt.Sprint(n))
		}
		return
	}
	program := k.b.expression(k.c, at)
	if program == nil {
		k.bad = true
		return
	}
	if p.Kind == window.Condition && !program.Types().Has(expression.Bool|expression.Nil) {
		k.fault(at, fmt.Sprintf("%s needs true or false, this is %s", k.f.Name, program.Types()))
		return
	}
	k.args[p.Name] = true
	k.texts = append(k.texts, program.String())
	arg := argument{program: program}
	var had bool
	if arg.slot, had = k.slots[program.String()]; !had {
		arg.slot, arg.first = k.b.slot(), true
		k.slots[program.String()] = arg.slot
	}
	if k.made.value.slot < 0 {
		k.made.value = arg
	} else {
		k.made.by = arg
	}
}

func (k *caller) repeated(p window.Param, given []span) {
	var all []float64
	for _, at := range given {
		n, ok := k.constant(window.Param{Name: p.Name, Kind: window.Number}, at)
		if !ok {
			return
		}
		all = append(all, n.(float64))
		k.texts = append(k.texts, fmt.Sprint(n))
	}
	k.args[p.Name] = all
}

// constant reads a number that is written out.
func (k *caller) constant(p window.Param, at span) (any, bool) {
	text := strings.ReplaceAll(at.String(), "_", "")
	if p.Kind == window.Count {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return n, true
		}
	} else if f, err := strconv.ParseFloat(text, 64); err == nil && f-f == 0 {
		return f, true
	}
	what := "a number"
	if p.Kind == window.Count {
		what = "a whole number"
	}
	k.fault(at, fmt.Sprintf("%s of %s is %s that is written out", p.Name, k.f.Name, what))
	return nil, false
}
