package regex_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/kstream/kstream/pkg/format/regex"
	"github.com/kstream/kstream/pkg/format/scalar"
)

const haproxy = `^(?<client>[0-9.]+):(?<port>[0-9]+) \[(?<accepted>[^\]]+)\] (?<frontend>\S+) (?<backend>\S+)/(?<server>\S+)(?: (?<status>[0-9]{3}))?`

func decoder(t testing.TB, cfg regex.Config) *regex.Decoder {
	t.Helper()
	d, err := regex.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestAppendJSON(t *testing.T) {
	typed := regex.Config{Pattern: `(?P<id>\S*) (?P<n>\S*)`, Types: map[string]scalar.Type{"id": scalar.String, "n": scalar.Number}}
	for _, tt := range []struct {
		cfg           regex.Config
		payload, want string
	}{
		{regex.Config{Pattern: haproxy}, `10.0.1.2:33317 [06/Feb/2009:12:14:14.655] http-in static/srv1 200`,
			`{"client":"10.0.1.2","port":33317,"accepted":"06/Feb/2009:12:14:14.655","frontend":"http-in","backend":"static","server":"srv1","status":200}`},
		{regex.Config{Pattern: haproxy}, `10.0.1.2:33317 [now] http-in static/"srv1"`,
			`{"client":"10.0.1.2","port":33317,"accepted":"now","frontend":"http-in","backend":"static","server":"\"srv1\"","status":null}`},
		{regex.Config{Pattern: `took (?<ms>[0-9]+)`}, "it took 12 ms", `{"ms":12}`},
		{regex.Config{Pattern: haproxy}, "it took 12 ms", "the pattern does not match the payload"},
		{regex.Config{Pattern: `in (?<ms>\d+) ms|after (?<ms>\d+) s(?<s>)`}, "after 7 s", `{"ms":7,"s":null}`},
		{regex.Config{Pattern: `in (?<ms>\d+) ms|after (?<s>\d+) s`}, "in 7 ms", `{"ms":7,"s":null}`},
		{typed, "1 007", `{"id":"1","n":7}`},
		{typed, " ", `{"id":"","n":null}`},
		{typed, "1 x", "the group n, at byte 2: the text is no number"},
		{typed, "1 \xff", "the payload is no UTF-8 text: byte 0xff at 2"},
	} {
		got, err := decoder(t, tt.cfg).AppendJSON(nil, []byte(tt.payload))
		if err != nil {
			got = []byte(err.Error())
		}
		if string(got) != tt.want {
			t.Errorf("%s\ngot  %s\nwant %s", tt.payload, got, tt.want)
		}
	}
	if got, want := decoder(t, typed).Names(), []string{"id", "n"}; !slices.Equal(got, want) {
		t.Errorf("the names are %q, want %q", got, want)
	}
}

func TestNew(t *testing.T) {
	for pattern, want := range map[string]string{
		`(`:                  "reading the pattern: error parsing regexp: missing closing ): `(`",
		`a(b)c`:              "the pattern has no named group, so that there is no field: name one as (?<status>[0-9]+)",
		`(?<n>a)`:            `there is a type for the group "x", and the pattern has no such group`,
		`(?<n>(a{1000}){10}`: "reading the pattern: error parsing regexp",
	} {
		if _, err := regex.New(regex.Config{Pattern: pattern, Types: map[string]scalar.Type{"x": scalar.Bool}}); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", pattern, err, want)
		}
	}
}

// FuzzAppendJSON holds that the fields are what package regexp says.
func FuzzAppendJSON(f *testing.F) {
	for _, s := range []string{"k=v", "key = 12 x", "=", "\xff=1", "a=\"b\"\n", "k=1=2"} {
		f.Add([]byte(s))
	}
	const pattern = `(?s)(?<k>\w+)\s*=\s*(?<v>[^ ]*)(?: (?<rest>.*))?`
	d := decoder(f, regex.Config{Pattern: pattern, Types: map[string]scalar.Type{"k": scalar.String, "v": scalar.String, "rest": scalar.String}})
	re := regexp.MustCompile(pattern)
	f.Fuzz(func(t *testing.T, payload []byte) {
		doc, err := d.AppendJSON(nil, payload)
		m := re.FindSubmatch(payload)
		if (err == nil) != (m != nil && utf8.Valid(payload)) {
			t.Fatalf("%v, and the match is %q", err, m)
		}
		if err != nil {
			return
		}
		var got struct {
			K, V string
			Rest *string
		}
		if err := json.Unmarshal(doc, &got); err != nil {
			t.Fatal(err)
		}
		if got.K != string(m[1]) || got.V != string(m[2]) || (got.Rest == nil) != (m[3] == nil) || got.Rest != nil && *got.Rest != string(m[3]) {
			t.Fatalf("got %s, want %q", doc, m[1:])
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	payload := []byte(`10.0.1.2:33317 [06/Feb/2009:12:14:14.655] http-in static/srv1 200`)
	b.Run("whole", func(b *testing.B) {
		d := decoder(b, regex.Config{Pattern: haproxy})
		b.SetBytes(int64(len(payload)))
		b.ReportAllocs()
		var dst []byte
		for b.Loop() {
			var err error
			if dst, err = d.AppendJSON(dst[:0], payload); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("regexp to strings", func(b *testing.B) {
		re := regexp.MustCompile(haproxy)
		b.SetBytes(int64(len(payload)))
		b.ReportAllocs()
		for b.Loop() {
			if re.FindSubmatch(payload) == nil {
				b.Fatal("no match")
			}
		}
	})
}

// RE2 takes no pattern's time to the power of the payload's length.
func TestTimeIsBounded(t *testing.T) {
	d := decoder(t, regex.Config{Pattern: `^(?<x>(a*)*)*$`})
	payload := append(bytes.Repeat([]byte("a"), 1<<14), 'b')
	if got, err := d.AppendJSON(nil, payload); err == nil {
		t.Errorf("matches: %s", got)
	}
}
