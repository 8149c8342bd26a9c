package literal

import (
	"math"
	"testing"
)

func TestAppendFloat(t *testing.T) {
	for _, tt := range []struct {
		f    float64
		bits int
		want string
	}{
		{0, 64, "0"},
		{math.Copysign(0, -1), 64, "-0"},
		{float64(float32(3.14)), 32, "3.14"},
		{float64(float32(3.14)), 64, "3.140000104904175"},
		{0.1, 64, "0.1"},
		{1e21, 64, "1e+21"},
		{1e20, 64, "100000000000000000000"},
		{-1e-7, 64, "-1e-07"},
		{math.MaxFloat64, 64, "1.7976931348623157e+308"},
		{math.NaN(), 64, `"NaN"`},
		{math.Inf(1), 32, `"Infinity"`},
		{math.Inf(-1), 64, `"-Infinity"`},
	} {
		if got := string(AppendFloat([]byte("a"), tt.f, tt.bits)); got != "a"+tt.want {
			t.Errorf("%v of %d bits: %s, want a%s", tt.f, tt.bits, got, tt.want)
		}
	}
}

func TestAppendBytes(t *testing.T) {
	for in, want := range map[string]string{"": `""`, "a": `"YQ=="`, "\xff\xfe\xfd": `"//79"`} {
		if got := string(AppendBytes(nil, []byte(in))); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}

func TestAppendTime(t *testing.T) {
	for _, tt := range []struct {
		seconds, nanos int64
		want           string
	}{
		{0, 0, `"1970-01-01T00:00:00Z"`},
		{-1, 999_000_000, `"1969-12-31T23:59:59.999Z"`},
		{253402300799, 999_999_999, `"9999-12-31T23:59:59.999999999Z"`},
		{-62167219200, 0, `"0000-01-01T00:00:00Z"`},
		{253402300800, 0, ""},
		{-62167219201, 0, ""},
		{0, 1e9, ""},
		{0, -1, ""},
	} {
		got, ok := AppendTime(nil, tt.seconds, tt.nanos)
		if string(got) != tt.want || ok != (tt.want != "") {
			t.Errorf("%d, %d: %s, %t, want %s", tt.seconds, tt.nanos, got, ok, tt.want)
		}
	}
}
