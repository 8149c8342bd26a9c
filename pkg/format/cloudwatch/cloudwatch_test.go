package cloudwatch

import (
	"bytes"
	"compress/gzip"
	"errors"
	"strings"
	"testing"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/packed"
	"github.com/kstream/kstream/pkg/record"
)

var _ format.Splitter = (*Splitter)(nil)

const data = `{"messageType":"DATA_MESSAGE","owner":"123456789012","logGroup":"/aws/lambda/cart","logStream":"2024/05/01/[$LATEST]abc",` +
	`"subscriptionFilters":["to-kinesis"],"logEvents":[` +
	`{"id":"1","timestamp":1714557600123,"message":"ERROR \"timeout\"\n"},` +
	`{"id":"2","timestamp":1714557600124,"message":"{\"level\":\"error\",\"ms\":1.50}\n"},` +
	`{"id":"3","timestamp":1714557600000,"message":"{not json}","extractedFields":{"status":"500"}}]}`

const common = `"log_group":"/aws/lambda/cart","log_stream":"2024/05/01/[$LATEST]abc","owner":"123456789012","subscription_filters":["to-kinesis"]`

const control = `{"messageType":"CONTROL_MESSAGE","owner":"CloudwatchLogs","logGroup":"","logStream":"","subscriptionFilters":[],` +
	`"logEvents":[{"id":"","timestamp":1714557600000,"message":"CWL CONTROL MESSAGE: Checking health of destination Kinesis"}]}`

func gzipped(t testing.TB, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// split returns copies of the records, as one does who keeps them.
func split(s *Splitter, payload []byte) (parts []string, err error) {
	err = s.Split(payload, record.NewBatch(0), func(part []byte) error {
		parts = append(parts, string(part))
		return nil
	})
	return parts, err
}

func TestSplit(t *testing.T) {
	want := []string{
		`{"timestamp":"2024-05-01T10:00:00.123Z","message":"ERROR \"timeout\"\n","id":"1",` + common + `}`,
		`{"timestamp":"2024-05-01T10:00:00.124Z","message":{"level":"error","ms":1.50},"id":"2",` + common + `}`,
		`{"timestamp":"2024-05-01T10:00:00Z","message":"{not json}","id":"3",` + common + `,"extracted_fields":{"status":"500"}}`,
	}
	s := New(Config{})
	for name, payload := range map[string][]byte{"packed": gzipped(t, data), "plain": []byte(data)} {
		got, err := split(s, payload)
		if err != nil || strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s: %v\n got %s\nwant %s", name, err, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	got, err := split(New(Config{TextMessages: true}), []byte(data))
	if err != nil || !strings.Contains(got[1], `"message":"{\"level\":\"error\",\"ms\":1.50}\n"`) {
		t.Errorf("as text: %v, %s", err, got)
	}
}

func TestAMessageThatNestsTooDeepStaysText(t *testing.T) {
	for n, object := range map[int]bool{format.MaxDepth - 2: true, format.MaxDepth - 1: false} { // and the object around the lists
		message := `{\"a\":` + strings.Repeat("[", n) + strings.Repeat("]", n) + `}`
		got, err := split(New(Config{}), []byte(strings.Replace(data, `{not json}`, message, 1)))
		if err != nil {
			t.Fatal(err)
		}
		if isText := strings.Contains(got[2], `"message":"`); isText == object {
			t.Errorf("%d levels: an object is %t", n, !isText)
		}
		if _, err := format.Validate([]byte(got[2])); err != nil {
			t.Errorf("%d levels: %v", n, err)
		}
	}
}

func TestMembersOfALaterVersion(t *testing.T) {
	payload := strings.Replace(data, `"owner"`, `"policyLevel":"ACCOUNT_LEVEL_POLICY","new":[1],"owner"`, 1)
	got, err := split(New(Config{}), []byte(strings.Replace(payload, `"id":"1"`, `"id":"1","more":true`, 1)))
	want := `{"timestamp":"2024-05-01T10:00:00.123Z","message":"ERROR \"timeout\"\n","id":"1",` + common + `,"policy_level":"ACCOUNT_LEVEL_POLICY","new":[1],"more":true}`
	if err != nil || got[0] != want {
		t.Errorf("%v\n got %s\nwant %s", err, got[0], want)
	}
}

func TestControlMessagesAreCounted(t *testing.T) {
	s := New(Config{})
	for range 3 {
		if got, err := split(s, gzipped(t, control)); err != nil || len(got) > 0 {
			t.Errorf("%q, %v", got, err)
		}
	}
	if got := s.ControlMessages(); got != 3 {
		t.Errorf("%d control messages, want 3", got)
	}
}

func TestNoSubscriptionRecord(t *testing.T) {
	event := func(e string) string { return `{"messageType":"DATA_MESSAGE","logEvents":[` + e + `]}` }
	for _, tt := range []struct{ payload, problem string }{
		{`[]`, "it is no JSON object at byte 0"},
		{`{"message":"secret"}`, `the object has no "messageType" of DATA_MESSAGE or CONTROL_MESSAGE at byte 0`},
		{`{"messageType":"secret"}`, `the object has no "messageType" of DATA_MESSAGE or CONTROL_MESSAGE at byte 0`},
		{`{"messageType":"DATA_MESSAGE","logEvents":{}}`, `the object has no list "logEvents" at byte 0`},
		{event(`1`), "a log event is no object at byte 43"},
		{event(`{"timestamp":1}`), `a log event without a text "message" at byte 43`},
		{event(`{"timestamp":1,"message":{}}`), `a log event without a text "message" at byte 43`},
		{event(`{"message":"secret"}`), `a log event without a "timestamp" in milliseconds at byte 43`},
		{event(`{"timestamp":"1","message":""}`), `a log event without a "timestamp" in milliseconds at byte 43`},
		{event(`{"timestamp":1.5,"message":""}`), `a log event without a "timestamp" in milliseconds at byte 43`},
		{event(`{"timestamp":9223372036854775807,"message":""}`), `a log event without a "timestamp" in milliseconds at byte 43`},
	} {
		_, err := split(New(Config{}), []byte(tt.payload))
		var e *format.PayloadError
		if !errors.As(err, &e) || err.Error() != "the payload is not a CloudWatch Logs record: "+tt.problem {
			t.Errorf("%s: %v, want %s", tt.payload, err, tt.problem)
		}
	}
	var syntax *format.SyntaxError
	if _, err := split(New(Config{}), gzipped(t, "secret")); !errors.As(err, &syntax) {
		t.Errorf("no JSON: %v", err)
	}
	if _, err := split(New(Config{}), gzipped(t, data)[:100]); err == nil || !strings.Contains(err.Error(), "ends early") {
		t.Errorf("cut off: %v", err)
	}
}

func TestLimits(t *testing.T) {
	const most = 100_000
	s := New(Config{MaxUnpacked: most})
	var large *packed.TooLargeError
	if _, err := split(s, gzipped(t, strings.Repeat(" ", most)+data)); !errors.As(err, &large) {
		t.Errorf("a bomb: %v", err)
	}
	events := strings.Repeat(`{"timestamp":1,"message":""},`, 1000)
	payload := `{"messageType":"DATA_MESSAGE","logGroup":"` + strings.Repeat("g", 50_000) + `","logEvents":[` + events[:len(events)-1] + `]}`
	got, err := split(s, gzipped(t, payload))
	if !errors.Is(err, errTooMuch) || len(got) > 4*most/50_000 {
		t.Errorf("a group name of 50 kB in each of 1000 events: %d records, %v", len(got), err)
	}
}

func TestAnErrorOfEachEndsTheSplit(t *testing.T) {
	stop, n := errors.New("stop"), 0
	err := New(Config{}).Split([]byte(data), record.NewBatch(0), func([]byte) error { n++; return stop })
	if !errors.Is(err, stop) || n != 1 {
		t.Errorf("%d calls, %v", n, err)
	}
}

// FuzzSplit holds that the records of any payload are JSON objects, and bounded.
func FuzzSplit(f *testing.F) {
	for _, s := range []string{data, control, `{"messageType":"DATA_MESSAGE","logEvents":[]}`} {
		f.Add([]byte(s))
	}
	f.Add(gzipped(f, data))
	s := New(Config{MaxUnpacked: 1 << 16})
	f.Fuzz(func(t *testing.T, payload []byte) {
		total := 0
		err := s.Split(payload, record.NewBatch(0), func(part []byte) error {
			total += len(part)
			if raw, err := format.Validate(part); err != nil || raw[0] != '{' {
				t.Fatalf("%q: %v", part, err)
			}
			return nil
		})
		if total > 4<<16 {
			t.Fatalf("%d bytes, %v", total, err)
		}
	})
}
