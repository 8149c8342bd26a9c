package avro

import (
	"encoding/binary"
	"math"
	"strings"
	"testing"

	lib "github.com/twmb/avro"
)

// single returns a schema of a record with the one field v.
func single(of string) string {
	return `{"type":"record","name":"R","fields":[{"name":"v","type":` + of + `}]}`
}

func l(v int64) string { return string(appendLong(nil, v)) }

func b(s string) string { return string(appendBytes(nil, []byte(s))) }

func f64(f float64) string {
	return string(binary.LittleEndian.AppendUint64(nil, math.Float64bits(f)))
}

func f32(f float32) string {
	return string(binary.LittleEndian.AppendUint32(nil, math.Float32bits(f)))
}

const (
	dec3    = `{"type":"bytes","logicalType":"decimal","precision":30,"scale":3}`
	fixDec  = `{"type":"fixed","name":"F","size":4,"logicalType":"decimal","precision":9,"scale":9}`
	bigDec  = `{"type":"bytes","logicalType":"big-decimal"}`
	millis  = `{"type":"long","logicalType":"timestamp-millis"}`
	micros  = `{"type":"long","logicalType":"timestamp-micros"}`
	nanos   = `{"type":"long","logicalType":"timestamp-nanos"}`
	local   = `{"type":"long","logicalType":"local-timestamp-micros"}`
	day     = `{"type":"int","logicalType":"date"}`
	tmillis = `{"type":"int","logicalType":"time-millis"}`
	tmicros = `{"type":"long","logicalType":"time-micros"}`
	id16    = `{"type":"fixed","name":"F","size":16,"logicalType":"uuid"}`
	span    = `{"type":"fixed","name":"F","size":12,"logicalType":"duration"}`
)

// TestValues holds what each type reads as, and that it goes back to the same bytes.
func TestValues(t *testing.T) {
	for _, tt := range []struct{ schema, payload, want string }{
		{`"null"`, "", "null"},
		{`"boolean"`, "\x01", "true"},
		{`"int"`, l(math.MinInt32), "-2147483648"},
		{`"long"`, l(math.MinInt64), "-9223372036854775808"},
		{`"long"`, l(math.MaxInt64), "9223372036854775807"},
		{`"float"`, f32(0.1), "0.1"},
		{`"double"`, f64(0.1), "0.1"},
		{`"double"`, f64(1e21), "1e+21"},
		{`"double"`, f64(math.Copysign(0, -1)), "-0"},
		{`"float"`, f32(float32(math.NaN())), `"NaN"`},
		{`"double"`, f64(math.Inf(1)), `"Infinity"`},
		{`"double"`, f64(math.Inf(-1)), `"-Infinity"`},
		{`"string"`, b("é\"\n"), `"é\"\n"`},
		{`"bytes"`, b("\xff\x00"), `"/wA="`},
		{`{"type":"fixed","name":"F","size":2}`, "ab", `"YWI="`},
		{`{"type":"enum","name":"E","symbols":["A","B"]}`, l(1), `"B"`},
		{`{"type":"array","items":"int"}`, l(2) + l(1) + l(2) + l(0), "[1,2]"},
		{`{"type":"array","items":"int"}`, l(0), "[]"},
		{`{"type":"map","values":"int"}`, l(1) + b("k\"") + l(1) + l(0), `{"k\"":1}`},
		{`["null","long",{"type":"map","values":"null"}]`, l(1) + l(5), "5"},
		{`["string","bytes"]`, l(0) + b("YWI="), `"YWI="`},
		{`["null","R"]`, l(1) + l(0), `{"v":null}`},
		{dec3, b("\x04\xd2"), "1.234"},
		{dec3, b("\xfb\x2e"), "-1.234"},
		{dec3, b("\x05"), "0.005"},
		{dec3, b("\x00"), "0.000"},
		{dec3, b("\xff"), "-0.001"},
		{dec3, b("\x0c\x9f\x2c\x9c\xd0\x46\x74\xed\xea\x3f\xff\xff\xff"), "999999999999999999999999999.999"},
		{fixDec, "\xff\xff\xff\xfe", "-0.000000002"},
		{bigDec, b(b("\x04\xd2") + l(2)), "12.34"},
		{bigDec, b(b("\x05") + l(-3)), "5e3"},
		{bigDec, b(b("\x05") + l(2_000_000_000)), "5e-2000000000"},
		{day, l(-1), `"1969-12-31"`},
		{day, l(math.MaxInt32), "2147483647"},
		{tmillis, l(86_399_999), `"23:59:59.999"`},
		{tmillis, l(86_400_000), "86400000"},
		{tmicros, l(1), `"00:00:00.000001"`},
		{tmicros, l(-1), "-1"},
		{millis, l(1_700_000_000_120), `"2023-11-14T22:13:20.12Z"`},
		{millis, l(math.MaxInt64), "9223372036854775807"},
		{micros, l(-1), `"1969-12-31T23:59:59.999999Z"`},
		{nanos, l(math.MinInt64), `"1677-09-21T00:12:43.145224192Z"`},
		{local, l(1_000_001), `"1970-01-01T00:00:01.000001"`},
		{id16, "\xb7\xb4\xa7\xf0\x9c\x96\x4e\x4a\xa6\x87\xfb\x5d\xe9\xef\x0c\x63", `"b7b4a7f0-9c96-4e4a-a687-fb5de9ef0c63"`},
		{span, "\x01\x00\x00\x00\x02\x00\x00\x00\xac\x0d\x00\x00", `"P1M2DT3.5S"`},
		{span, strings.Repeat("\xff", 12), `"P4294967295M4294967295DT4294967.295S"`},
		{span, strings.Repeat("\x00", 12), `"PT0S"`},
		{`{"type":"string","logicalType":"date"}`, b("x"), `"x"`},
	} {
		s := parsed(t, single(tt.schema))
		doc, err := NewDecoder(s).AppendJSON([]byte("->"), []byte(tt.payload))
		if want := `->{"v":` + tt.want + `}`; string(doc) != want || err != nil {
			t.Errorf("%s: %x reads as %s (%v), want %s", tt.schema, tt.payload, doc, err, want)
			continue
		}
		payload, err := NewEncoder(s, nil).AppendPayload([]byte("->"), doc[2:])
		if want := "->" + tt.payload; string(payload) != want || err != nil {
			t.Errorf("%s: %s is written as %x (%v), want %x", tt.schema, doc[2:], payload, err, want)
		}
		_, err = lib.MustParse(single(tt.schema)).Decode([]byte(tt.payload), new(any))
		if err != nil && !strings.Contains(err.Error(), "exceeds 65536 limit") {
			t.Errorf("%s: the library refuses %x: %v", tt.schema, tt.payload, err)
		}
	}
}

// TestDecodeErrors holds what is said of payloads that are not of the schema.
func TestDecodeErrors(t *testing.T) {
	const head = "the payload is not of the Avro schema: "
	for _, tt := range []struct{ schema, payload, want string }{
		{`"int"`, "", "field v: the payload ends early at byte 0"},
		{`"int"`, l(1) + "xy", "2 bytes too many at byte 1"},
		{`"int"`, l(1 << 31), "field v: an int of more than 32 bits at byte 0"},
		{`"long"`, strings.Repeat("\xff", 10), "field v: a number of more than 64 bits at byte 0"},
		{`"long"`, strings.Repeat("\xff", 9), "field v: the payload ends early at byte 9"},
		{`"boolean"`, "\x02", "field v: a boolean that is neither 0 nor 1 at byte 0"},
		{`"string"`, l(1<<40) + "x", "field v: a length of 1099511627776, and 1 bytes are left at byte 0"},
		{`"bytes"`, l(-1), "field v: a negative length at byte 0"},
		{`["null","int"]`, l(2), "field v: branch 2, and the schema has 2 at byte 0"},
		{`{"type":"enum","name":"E","symbols":["A"]}`, l(-1), "field v: symbol -1, and the schema has 1 at byte 0"},
		{`{"type":"array","items":"null"}`, l(4097), "field v: a block of 4097 items, and 0 bytes are left at byte 0"},
		{`{"type":"array","items":"int"}`, l(math.MinInt64) + l(0), "field v: a block of more than 63 bits of items at byte 0"},
		{`["null","R"]`, l(1) + l(1) + l(9), "field v.v.v: branch 9, and the schema has 2 at byte 2"},
		{dec3, b(strings.Repeat("x", maxUnscaled+1)), "field v: a decimal of 4097 bytes: at most 4096 at byte 0"},
		{bigDec, b(b("\x05") + l(0) + "x"), "field v: 1 bytes too many in a big-decimal at byte 4"},
	} {
		s := parsed(t, single(tt.schema))
		_, err := NewDecoder(s).AppendJSON(nil, []byte(tt.payload))
		if err == nil || err.Error() != head+tt.want {
			t.Errorf("%s: %x: got %v, want %s", tt.schema, tt.payload, err, tt.want)
		}
	}
}
