package syslog_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/kstream/kstream/pkg/format"
)

// FuzzAppendJSON holds that what any payload reads as is a JSON object of a bounded length.
func FuzzAppendJSON(f *testing.F) {
	for _, s := range []string{
		`<34>1 2003-10-11T22:14:15.003Z h su - ID47 [a b="c\]"] m`, "<34>Oct 11 22:14:15 h su[1]: m", "<0>1 - - - - - -", "Oct 11 22:14:15 h",
		"<191>2003-10-11T22:14:15Z a: b", "<34>Feb 29 00:00:60.5: x", "<1>[", "Jan", "<13>1 2003-10-11T23:59:60,5 h a 1 - - ",
	} {
		f.Add([]byte(s))
	}
	d := decoder()
	f.Fuzz(func(t *testing.T, payload []byte) {
		doc, err := d.AppendJSON(nil, payload)
		if err != nil {
			return
		}
		if raw, err := format.Validate(doc); err != nil || raw[0] != '{' || len(doc) > 8*len(payload)+200 {
			t.Fatalf("%q is %q: %v", payload, doc, err)
		}
		var got struct{ Timestamp *time.Time }
		if err := json.Unmarshal(doc, &got); err != nil && !strings.Contains(string(doc), ":60") { // Go knows no leap seconds
			t.Fatalf("%q: %v", doc, err)
		}
	})
}

// FuzzMessage writes messages of RFC 5424 and reads them.
func FuzzMessage(f *testing.F) {
	f.Add(uint8(165), int64(1_700_000_000_123_456), "host", "app", "x@1", "ip", "192.0.2.1\"]\\", "it's\ntime")
	f.Add(uint8(0), int64(0), "-", "a.b", "a", "b", "", "")
	d := decoder()
	f.Fuzz(func(t *testing.T, priority uint8, micros int64, host, app, id, name, value, message string) {
		for _, s := range []string{host, app, id, name} {
			if !utf8.ValidString(s) || s == "" || strings.ContainsAny(s, "=]\"") || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' }) {
				return
			}
		}
		if !utf8.ValidString(value+" "+message) || priority > 191 || strings.TrimRight(message, "\r\n\x00") != message || strings.HasPrefix(message, "\ufeff") {
			return
		}
		at := time.UnixMicro(micros % 1e16).UTC()
		if at.Year() < 1700 || at.Year() > 2200 {
			return
		}
		quoted := `"` + strings.NewReplacer(`"`, `\"`, `\`, `\\`, `]`, `\]`).Replace(value) + `"`
		payload := fmt.Sprintf("<%d>1 %s %s %s - - [%s %s=%s] %s", priority, at.Format(time.RFC3339Nano), host, app, id, name, quoted, message)
		doc, err := d.AppendJSON(nil, []byte(payload))
		if err != nil {
			t.Fatalf("%q: %v", payload, err)
		}
		var got struct {
			Facility  int `json:"facility_code"`
			Severity  int `json:"severity_code"`
			Timestamp time.Time
			Hostname  string
			App       string                       `json:"app_name"`
			Data      map[string]map[string]string `json:"structured_data"`
			Message   string
		}
		if err := json.Unmarshal(doc, &got); err != nil {
			t.Fatal(err)
		}
		same := func(got, want string) bool { return got == want || got == "" && want == "-" }
		if got.Facility*8+got.Severity != int(priority) || !got.Timestamp.Equal(at) || !same(got.Hostname, host) || !same(got.App, app) ||
			got.Data[id][name] != value || got.Message != message {
			t.Fatalf("%q is %s", payload, doc)
		}
	})
}
