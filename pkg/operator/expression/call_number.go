package expression

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

// numberFunctions are those on numbers.
var numberFunctions = map[string]function{
	"int":   {takes: []Types{Number | String}, least: 1, gives: Number, run: toInt},
	"float": {takes: []Types{Number | String}, least: 1, gives: Number, run: toFloat},
	"abs":   {takes: []Types{Number}, least: 1, gives: Number, run: abs},
	"round": {takes: []Types{Number, Number}, least: 1, gives: Number, run: round},
	"floor": {takes: []Types{Number}, least: 1, gives: Number, run: whole(math.Floor)},
	"ceil":  {takes: []Types{Number}, least: 1, gives: Number, run: whole(math.Ceil)},
	"min":   {takes: []Types{Number | List}, least: 1, more: true, gives: Number | Nil, run: extreme("min", -1)},
	"max":   {takes: []Types{Number | List}, least: 1, more: true, gives: Number | Nil, run: extreme("max", 1)},
	"mean":  {takes: []Types{Number | List}, least: 1, more: true, gives: Number | Nil, run: mean},
}

func toInt(f *Frame, args []record.Value) record.Value {
	v := &args[0]
	if v.Kind == record.Int {
		return *v
	}
	if v.Kind == record.String {
		n, err := strconv.ParseInt(string(v.Text), 10, 64)
		if errors.Is(err, strconv.ErrRange) {
			return f.fail(errors.New("int: the string is beyond 64-bit integers"))
		}
		if err != nil {
			return f.fail(errors.New("int: the string is no integer"))
		}
		return record.IntValue(n)
	}
	x, _ := v.Float()
	return f.int(math.Trunc(x), "int")
}

// int returns the whole number x, which has to fit 64 bits.
func (f *Frame) int(x float64, who string) record.Value {
	if !(x >= math.MinInt64 && x < math.MaxInt64) {
		return f.fail(fmt.Errorf("%s: the number is beyond 64-bit integers", who))
	}
	return record.IntValue(int64(x))
}

func toFloat(f *Frame, args []record.Value) record.Value {
	if args[0].Kind == record.String {
		x, err := strconv.ParseFloat(string(args[0].Text), 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			return f.fail(errors.New("float: the string is no number"))
		}
		return record.FloatValue(x)
	}
	x, _ := args[0].Float()
	return f.finite(x, "float")
}

func abs(f *Frame, args []record.Value) record.Value {
	if x, _ := args[0].Float(); x >= 0 {
		return args[0]
	}
	zero := record.IntValue(0)
	return f.arithmetic(&zero, &args[0], subtract)
}

// round gives an integer, or with a second argument so many digits behind the point.
func round(f *Frame, args []record.Value) record.Value {
	if len(args) == 1 {
		return whole(math.Round)(f, args)
	}
	n, ok := args[1].Int()
	if !ok || n < 0 || n > 15 {
		return f.fail(errors.New("round: the number of digits is an integer from 0 to 15"))
	}
	if args[0].Kind == record.Int {
		return args[0]
	}
	x, _ := args[0].Float()
	return f.finite(roundDigits(x, int(n)), "round")
}

// roundDigits rounds halves away from zero, as round does without digits, and takes x for the decimal that it is printed as:
// 1.005 gives 1.01, although the float lies a little below it. It goes by way of text, since x*100 has an error of its own.
func roundDigits(x float64, n int) float64 {
	text := strconv.FormatFloat(x, 'f', -1, 64)
	if point := strings.IndexByte(text, '.'); point >= 0 && point+1+n == len(text)-1 && text[len(text)-1] == '5' {
		x = math.Nextafter(x, math.Copysign(math.Inf(1), x)) // the first float that is surely beyond the half
	}
	y, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'f', n, 64), 64)
	return y
}

func whole(how func(float64) float64) func(*Frame, []record.Value) record.Value {
	return func(f *Frame, args []record.Value) record.Value {
		if args[0].Kind == record.Int {
			return args[0]
		}
		x, _ := args[0].Float()
		if x = how(x); x >= math.MinInt64 && x < math.MaxInt64 {
			return record.IntValue(int64(x))
		}
		return f.finite(x, "round")
	}
}

// numbers goes through the numbers of arguments, lists taken apart. nil is passed over, as SQL does.
func (f *Frame) numbers(who string, args []record.Value, each func(v *record.Value)) {
	for i := range args {
		if args[i].Kind != record.List {
			f.number(who, &args[i], each)
			continue
		}
		for w := format.NewWalk(args[i].Text); w.Next() && f.spend(1); {
			v := f.parse(w.Raw)
			f.number(who, &v, each)
		}
	}
}

func (f *Frame) number(who string, v *record.Value, each func(v *record.Value)) {
	switch TypeOf(v) {
	case Nil:
	case Number:
		each(v)
	default:
		f.wrong(who, "numbers", v)
	}
}

func extreme(who string, sign int) func(*Frame, []record.Value) record.Value {
	return func(f *Frame, args []record.Value) (best record.Value) {
		f.numbers(who, args, func(v *record.Value) {
			if best.Kind == record.Missing || orderNumbers(v, &best) == sign {
				best = *v
			}
		})
		return best
	}
}

func mean(f *Frame, args []record.Value) record.Value {
	sum, n := 0.0, 0
	f.numbers("mean", args, func(v *record.Value) {
		x, _ := v.Float()
		sum += x
		n++
	})
	if n == 0 {
		return record.Value{}
	}
	return f.finite(sum/float64(n), "mean")
}
