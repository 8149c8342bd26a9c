package format

import (
	"math"
	"testing"
	"time"

	"github.com/kstream/kstream/pkg/record"
)

func TestAppend(t *testing.T) {
	b := record.NewBatch(0)
	for _, tt := range []struct {
		v          record.Value
		want, text string
	}{
		{record.Value{}, "null", ""},
		{record.Value{Kind: record.Null}, "null", ""},
		{record.BoolValue(true), "true", "true"},
		{record.IntValue(math.MinInt64), "-9223372036854775808", "-9223372036854775808"},
		{record.FloatValue(3), "3", "3"},
		{record.FloatValue(0.1), "0.1", "0.1"},
		{record.FloatValue(1e21), "1e+21", "1e+21"},
		{record.FloatValue(-1e-7), "-1e-07", "-1e-07"},
		{record.FloatValue(123456789012345680000), "123456789012345680000", "123456789012345680000"},
		{Parse([]byte("1.50"), b), "1.50", "1.50"},
		{Parse([]byte("-0"), b), "-0", "-0"},
		{Parse([]byte("1E400"), b), "1E400", "1E400"},
		{Parse([]byte(`"a\u00e9\ud83d\ude00\ud800\"\/"`), b), "\"aé😀\ufffd\\\"/\"", "aé😀\ufffd\"/"},
		{Parse([]byte(`[1, {"a": 2}]`), b), `[1, {"a": 2}]`, `[1, {"a": 2}]`},
		{record.TimeValue(time.Date(2024, 5, 1, 10, 0, 0, 5e8, time.FixedZone("", 7200))), `"2024-05-01T08:00:00.5Z"`, "2024-05-01T08:00:00.5Z"},
	} {
		if got := string(Append(nil, &tt.v)); got != tt.want {
			t.Errorf("Append gives %s, want %s", got, tt.want)
		}
		if got := string(AppendText(nil, &tt.v)); got != tt.text {
			t.Errorf("AppendText gives %s, want %s", got, tt.text)
		}
	}
}
