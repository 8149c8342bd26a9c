package csv_test

import (
	"testing"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/csv"
)

func paths(names ...[]string) (p []format.Path) {
	for _, n := range names {
		p = append(p, format.Path{Names: n, Dotted: len(n)})
	}
	return p
}

func encoder(t testing.TB, cfg csv.EncoderConfig) *csv.Encoder {
	t.Helper()
	e, err := csv.NewEncoder(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestAppendPayload(t *testing.T) {
	three := csv.EncoderConfig{Columns: paths([]string{"a"}, []string{"b", "c"}, []string{"d"})}
	odd := three
	odd.Delimiter = 'e'
	one := csv.EncoderConfig{Columns: paths([]string{"a"})}
	for _, tt := range []struct {
		cfg       csv.EncoderConfig
		doc, want string
	}{
		{three, `{"d":1.50,"b":{"c":"x"},"a":true,"more":1}`, "true,x,1.50"},
		{three, `{"b.c":"x,y","d":"say \"hi\""}`, `,"x,y","say ""hi"""`},
		{three, `{"a":"","b":{"c":null},"d":"\n"}`, "\"\",,\"\n\""},
		{three, `{"a":{"x": [1,2]},"d":[1,"a"]}`, `"{""x"": [1,2]}",,"[1,""a""]"`},
		{three, `{"a":9007199254740993,"d":" x"}`, `9007199254740993,," x"`},
		{odd, `{"a":true,"b":{"c":1e9},"d":2}`, `"true"e"1e9"e2`},
		{one, `{}`, `""`},
		{one, `[]`, "the payload is no JSON object, so it has no fields"},
	} {
		e := encoder(t, tt.cfg)
		got, err := e.AppendPayload(nil, []byte(tt.doc))
		if err != nil {
			got = []byte(err.Error())
		}
		if string(got) != tt.want {
			t.Errorf("%s: got %s, want %s", tt.doc, got, tt.want)
		}
	}
	if got := string(encoder(t, three).AppendHeader(nil)); got != "a,b.c,d" {
		t.Errorf("the header is %s", got)
	}
	for _, cfg := range []csv.EncoderConfig{{}, {Columns: three.Columns, Delimiter: '"'}} {
		if _, err := csv.NewEncoder(cfg); err == nil {
			t.Errorf("%+v: no error", cfg)
		}
	}
}
