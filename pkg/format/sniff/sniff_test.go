package sniff

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"github.com/kstream/kstream/pkg/format/packed"
)

func gzipped(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const (
	subscribed = `{"messageType":"DATA_MESSAGE","owner":"1","logGroup":"g","logStream":"s","subscriptionFilters":["f"],"logEvents":[{"id":"1","timestamp":1,"message":"a"},{"id":"2","timestamp":1,"message":"b"}]}`
	changed    = `{"eventName":"INSERT","dynamodb":{"Keys":{"id":{"S":"1"}}}}`
	access     = `127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /a?b=\"c\" HTTP/1.0" 200 2326`
)

func TestLook(t *testing.T) {
	for _, tt := range []struct{ payload, want string }{
		{"", "empty"},
		{`{"a":1}`, "JSON"},
		{" {\n\"a\":1}\n", "JSON"},
		{gzipped(t, `{"a":1}`), "JSON, gzip"},
		{`{"a":1}` + "\n" + `{"a":2}` + "\r\n\n", "JSON lines, 2 records"},
		{`{"a":1} {"a":2}`, "text, it begins as JSON does"},
		{`{"a":1`, "text, it begins as JSON does"},
		{`{name} is here`, "text, it begins as JSON does"},
		{`[{"a":1},{"a":2}]`, "text, a JSON list of 2"},
		{`[info] started`, "text"},
		{`42`, "text"},
		{`"quoted"`, "text"},
		{" \n ", "text, white space"},
		{subscribed, "CloudWatch Logs, 2 log events"},
		{gzipped(t, subscribed), "CloudWatch Logs, gzip, 2 log events"},
		{gzipped(t, strings.Replace(subscribed, "DATA_M", "CONTROL_M", 1)), "CloudWatch Logs, gzip, a control message"},
		{strings.Replace(subscribed, "DATA_M", "OTHER_M", 1), "JSON"},
		{changed, "a DynamoDB change record"},
		{`{"dynamodb":{"table":"x"}}`, "JSON"},
		{`level=info msg="user \"a\" came" took=35ms user.id=7`, "logfmt"},
		{"level=info ok=\n", "logfmt"},
		{`x=1`, "text"},
		{`a=1 and b=2`, "text"},
		{`a = 1, b = 2`, "text"},
		{`SELECT a=1 b=2`, "text"},
		{`<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 [e@32473 iut="3"] An event`, "syslog, RFC 5424"},
		{`<34>1 - - - - - - no more`, "syslog, RFC 5424"},
		{`<34>Oct 11 22:14:15 mymachine su: 'su root' failed`, "syslog, RFC 3164"},
		{`<192>1 - - - - - - no such priority`, "text"},
		{`<html>1 - - -`, "text"},
		{access, "an access log, common format"},
		{access + ` "http://a/" "curl/8.0"`, "an access log, combined format"},
		{"127.0.0.1 - frank [today] \"GET / HTTP/1.0\" 200 2326", "text"},
		{"a,b,c\n1,2,3\n", "text"},
		{"grüße", "text"},
		{"\x1b[31mred\x1b[0m", "text"},
		{"\x81\xa5level\xa5error", "MessagePack"},
		{"\xde\x00\x01\xa1a\x01", "MessagePack"},
		{"\x81\x07\x01", "binary"}, // a number as a name
		{"\x80", "binary"},
		{"\x82\xa5level\xa5error", "binary"},
		{"\xa1\x65level\x65error", "CBOR"},
		{"\xbf\x61a\x01\xff", "CBOR"},
		{"\xd9\xd9\xf7\xa1\x61a\x01", "CBOR"},
		{"\xa0", "binary"},
		{"\xa2\x65level\x65error", "binary"},
		{"Obj\x01\x04\x14avro.codec", "an Avro file"},
		{"\xc3\x01\x01\x02\x03\x04\x05\x06\x07\x08\x02", "Avro, one object, schema 0807060504030201"},
		{"\x00\x00\x00\x00\x2a\x02\x06abc", "a Confluent schema registry's payload, schema 42"},
		{"\x00\x00\x00\x00\x00\x02\x06abc", "binary"},
		{"\x00\x7f\x00\x00\x01\x02", "binary"},
		{"\x03\x00\x12\x34\x56\x78\x9a\xbc\x4d\xef\x81\x23\x45\x67\x89\xab\xcd\xef\x02", "a Glue schema registry's payload, schema version 12345678-9abc-4def-8123-456789abcdef"},
		{"\x03\x05\x12\x34\x56\x78\x9a\xbc\x4d\xef\x81\x23\x45\x67\x89\xab\xcd\xef\x02", "a Glue schema registry's payload, schema version 12345678-9abc-4def-8123-456789abcdef, zlib"},
		{"\x03\x00\x12\x34\x56\x78\x9a\xbc\x1d\xef\x81\x23\x45\x67\x89\xab\xcd\xef\x02", "binary"},
		{"\xf3\x89\x9a\xc2" + strings.Repeat("a", 20), "a KPL aggregate"},
		{"PAR1 ... PAR1" + "PAR1", "Parquet"},
		{"\x0a\x05hello\x10\x01\x18\x96\x01", "binary, it reads as Protobuf"},
		{"\x89PNG\r\n\x1a\n\x00\x00", "binary"},
		{"\x1f\x8b\x08\x00 no gzip", "binary, gzip, but it does not unpack"},
	} {
		if got := Look([]byte(tt.payload)).String(); got != tt.want {
			t.Errorf("%.60q: %s, want %s", tt.payload, got, tt.want)
		}
	}
}

func TestEveryFormatHasATitle(t *testing.T) {
	for _, f := range []Format{
		Empty, JSON, NDJSON, CloudWatch, DynamoDB, Logfmt, Syslog, CLF, Combined, MessagePack, CBOR, AvroOCF, AvroSingle, Confluent, Glue, KPL, Parquet, Text, Binary,
	} {
		if f.Title() == "" {
			t.Errorf("%q has none", f)
		}
	}
}

// FuzzLook holds that every payload is something, and that the note is words, not the payload.
func FuzzLook(f *testing.F) {
	for _, s := range []string{`{"a":1}`, subscribed, changed, access, "level=info a=b", "\x81\xa1a\x01", "\xa1\x61a\x01", "\x00\x00\x00\x00\x2a\x02", gzipped(f, subscribed)} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		got := Look(payload)
		if got.Format.Title() == "" || len(got.Note) > 80 {
			t.Errorf("%q: %+v", payload, got)
		}
		if got.Unpacked == packed.Plain && got.Format == Empty && len(payload) > 0 {
			t.Errorf("%q is empty", payload)
		}
	})
}

func BenchmarkLook(b *testing.B) {
	for name, payload := range map[string]string{"JSON": `{"level":"error","status":503,"text":"` + strings.Repeat("a", 500) + `"}`, "access log": access} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(payload)))
			b.ReportAllocs()
			p := []byte(payload)
			for b.Loop() {
				Look(p)
			}
		})
	}
}
