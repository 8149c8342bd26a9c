package dynamodb

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kstream/kstream/pkg/format"
)

var _ format.Transcoder = Transcoder{}

// TestChanges reads testdata/*.in.json as *.out.json.
func TestChanges(t *testing.T) {
	files, err := filepath.Glob("testdata/*.in.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test data: %v", err)
	}
	for _, name := range files {
		in, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(strings.Replace(name, ".in.", ".out.", 1))
		if err != nil {
			t.Fatal(err)
		}
		got, err := Transcoder{}.AppendJSON(nil, in)
		if err != nil || !bytes.Equal(got, bytes.TrimSpace(want)) {
			t.Errorf("%s: %v\n got %s\nwant %s", name, err, got, want)
		}
	}
}

// item wraps one attribute value in a change record whose only key is v.
func item(value string) string { return `{"dynamodb":{"Keys":{"v":` + value + `}}}` }

func TestAttributes(t *testing.T) {
	for _, tt := range []struct{ value, want string }{
		{`{"S":""}`, `""`},
		{`{"S":"a\u00e9\"\n"}`, `"a\u00e9\"\n"`},
		{`{"N":"0"}`, `0`},
		{`{"N":"-1.50"}`, `-1.50`},
		{`{"N":"99999999999999999999999999999999999999"}`, `99999999999999999999999999999999999999`},
		{`{"N":"1E-130"}`, `1E-130`},
		{`{"N":"0.12345678901234567890123456789012345678"}`, `0.12345678901234567890123456789012345678`},
		{`{"B":"//79"}`, `"//79"`},
		{`{"BOOL":true}`, `true`},
		{`{ "BOOL" : false }`, `false`},
		{`{"NULL":true}`, `null`},
		{`{"M":{}}`, `{}`},
		{`{"M":{"a":{"N":"1"},"b":{"L":[{"S":"x"},{"L":[]},{"M":{"c":{"NULL":true}}}]}}}`, `{"a":1,"b":["x",[],{"c":null}]}`},
		{`{"SS":["a","b"]}`, `["a","b"]`},
		{`{"NS":["1","2.5"]}`, `[1,2.5]`},
		{`{"BS":["YQ==","//79"]}`, `["YQ==","//79"]`},
		{strings.Repeat(`{"L":[`, maxDepth-1) + `{"N":"1"}` + strings.Repeat(`]}`, maxDepth-1), strings.Repeat(`[`, maxDepth-1) + `1` + strings.Repeat(`]`, maxDepth-1)},
	} {
		got, err := Transcoder{}.AppendJSON([]byte("before"), []byte(item(tt.value)))
		if want := `before{"keys":{"v":` + tt.want + `}}`; err != nil || string(got) != want {
			t.Errorf("%.80s: %s, %v, want %s", tt.value, got, err, want)
		}
	}
}

func TestTime(t *testing.T) {
	for _, tt := range []struct{ time, unit, want string }{
		{`1479499740`, ``, `2016-11-18T20:09:00Z`},
		{`1479499740.25`, ``, `2016-11-18T20:09:00.25Z`},
		{`1.47949974E9`, ``, `2016-11-18T20:09:00Z`},
		{`1479499740123`, ``, `2016-11-18T20:09:00.123Z`},
		{`1479499740123456`, ``, `2016-11-18T20:09:00.123456Z`},
		{`1479499740123`, `MILLISECOND`, `2016-11-18T20:09:00.123Z`},
		{`1479499740123456`, `MICROSECOND`, `2016-11-18T20:09:00.123456Z`},
		{`1000`, `MICROSECOND`, `1970-01-01T00:00:00.001Z`},
		{`-1`, `MILLISECOND`, `1969-12-31T23:59:59.999Z`},
		{`"2016-11-18T20:09:00Z"`, ``, `2016-11-18T20:09:00Z`},
	} {
		payload := `{"dynamodb":{"ApproximateCreationDateTime":` + tt.time + `,"Keys":{}}}`
		if tt.unit != "" {
			payload = strings.Replace(payload, `"Keys"`, `"ApproximateCreationDateTimePrecision":"`+tt.unit+`","Keys"`, 1)
		}
		got, err := Transcoder{}.AppendJSON(nil, []byte(payload))
		if want := `{"keys":{},"approximate_creation_time":"` + tt.want + `"}`; err != nil || string(got) != want {
			t.Errorf("%s %s: %s, %v, want %s", tt.time, tt.unit, got, err, want)
		}
	}
}

func TestNoChangeRecord(t *testing.T) {
	for _, tt := range []struct{ payload, problem string }{
		{`[]`, "it is no JSON object at byte 0"},
		{` {"a":1}`, `the object has no member "dynamodb" with "Keys" at byte 1`},
		{`{"dynamodb":{}}`, `the object has no member "dynamodb" with "Keys" at byte 0`},
		{`{"dynamodb":null}`, `the member "dynamodb" is no object at byte 12`},
		{`{"dynamodb":{"Keys":[]}}`, "the attributes are no object at byte 20"},
		{item(`"secret"`), noAttribute + " at byte 25"},
		{item(`{}`), noAttribute + " at byte 25"},
		{item(`{"S":"secret","N":"1"}`), noAttribute + " at byte 25"},
		{item(`{"X":"secret"}`), "an attribute value of a type that DynamoDB does not have at byte 25"},
		{item(`{"N":"secret"}`), "a number is no string of one at byte 30"},
		{item(`{"N":""}`), "a number is no string of one at byte 30"},
		{item(`{"N":"01"}`), "a number is no string of one at byte 30"},
		{item(`{"N":"null"}`), "a number is no string of one at byte 30"},
		{item(`{"N":5}`), "a number is no string of one at byte 30"},
		{item(`{"NS":["1","x"]}`), "a number is no string of one at byte 36"},
		{item(`{"S":5}`), "a string or binary value is no string at byte 30"},
		{item(`{"L":{}}`), "a list or set is none at byte 30"},
		{item(`{"BOOL":"secret"}`), "a BOOL is neither true nor false at byte 33"},
		{item(strings.Repeat(`{"L":[`, 100) + strings.Repeat(`]}`, 100)), "attributes nest too deep at byte 409"},
		{`{"dynamodb":{"Keys":{},"ApproximateCreationDateTime":true}}`, "the time of the change is no number at byte 53"},
		{`{"dynamodb":{"Keys":{},"ApproximateCreationDateTime":1e300}}`, "the time of the change is beyond what RFC 3339 can write at byte 53"},
	} {
		_, err := Transcoder{}.AppendJSON(nil, []byte(tt.payload))
		var e *format.PayloadError
		if !errors.As(err, &e) || err.Error() != "the payload is not a DynamoDB change record: "+tt.problem {
			t.Errorf("%.80s: %v, want %s", tt.payload, err, tt.problem)
		}
	}
	var syntax *format.SyntaxError
	if _, err := (Transcoder{}).AppendJSON(nil, []byte(`{"dynamodb":`)); !errors.As(err, &syntax) {
		t.Errorf("no JSON: %v", err)
	}
}
