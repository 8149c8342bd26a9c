package quantity

import "testing"

func TestQuantities(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Span(0), "0.0s"}, {Span(9.94), "9.9s"}, {Span(9.95), "10s"}, {Span(59.4), "59s"}, {Span(59.6), "1m0s"}, {Span(7500), "2h5m"},
		{Span(356400), "4d3h"}, {Span(-61), "-1m1s"},
		{Count(0), "0"}, {Count(0.01), "<0.1"}, {Count(0.34), "0.3"}, {Count(9.94), "9.9"}, {Count(9.96), "10"}, {Count(980), "980"}, {Count(9999), "9999"},
		{Count(9999.6), "10.0k"}, {Count(56_700), "56.7k"}, {Count(999_960), "1.0M"}, {Count(1_230_000), "1.2M"}, {Count(123_456_789), "123M"},
		{Count(7e18), "7000000T"},
		{Bytes(0), "0 B"}, {Bytes(512), "512 B"}, {Bytes(1023.9), "1.0 KiB"}, {Bytes(1536), "1.5 KiB"}, {Bytes(256 << 20), "256 MiB"},
		{Bytes(3 << 40), "3 TiB"},
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
}
