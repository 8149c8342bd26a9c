// Package sniff tells from a payload's content what it is, for `decode auto`.
//
// It is careful rather than clever: a format is named only where its own magic stands, or where the whole payload reads as
// it; whatever is in doubt is text or binary.
package sniff

import (
	"unicode/utf8"

	"github.com/kstream/kstream/pkg/format/packed"
)

// Format is what a payload is. Where a decode stage reads it, it is that stage's word.
type Format string

// The formats that Look tells apart.
const (
	Empty       Format = "empty"
	JSON        Format = "json"            // one object
	NDJSON      Format = "ndjson"          // objects, one a line
	CloudWatch  Format = "cloudwatch_logs" // a subscription record
	DynamoDB    Format = "dynamodb"        // a change record
	Logfmt      Format = "logfmt"
	Syslog      Format = "syslog"   // Note says which RFC
	CLF         Format = "clf"      // the common log format of web servers
	Combined    Format = "combined" // and with referrer and user agent
	MessagePack Format = "msgpack"
	CBOR        Format = "cbor"
	AvroOCF     Format = "avro_ocf"    // an object container file
	AvroSingle  Format = "avro_single" // single-object encoding
	Confluent   Format = "confluent"   // a Confluent schema registry's header
	Glue        Format = "glue"        // an AWS Glue schema registry's header
	KPL         Format = "kpl"         // an aggregate that nobody took apart
	Parquet     Format = "parquet"
	Text        Format = "text"
	Binary      Format = "binary"
)

// What a Finding notes of a Binary payload.
const (
	unreadable   = "but it does not unpack"
	perhapsProto = "it reads as Protobuf"
)

var titles = map[Format]string{
	Empty: "empty", JSON: "JSON", NDJSON: "JSON lines", CloudWatch: "CloudWatch Logs", DynamoDB: "a DynamoDB change record", Logfmt: "logfmt",
	Syslog: "syslog", CLF: "an access log", Combined: "an access log", MessagePack: "MessagePack", CBOR: "CBOR", AvroOCF: "an Avro file",
	AvroSingle: "Avro, one object", Confluent: "a Confluent schema registry's payload", Glue: "a Glue schema registry's payload",
	KPL: "a KPL aggregate", Parquet: "Parquet", Text: "text", Binary: "binary",
}

// Title returns the format as a person names it.
func (f Format) Title() string { return titles[f] }

// Finding is what Look has seen.
type Finding struct {
	// Unpacked is what the payload was packed with, Plain if nothing.
	Unpacked packed.Kind
	// Format is what was inside.
	Format Format
	// Note says more where there is more to say: "3 log events", "schema 42", "RFC 5424". It never holds the payload's text.
	Note string
}

// String returns the finding in a few words: "CloudWatch Logs, gzip, 3 log events".
func (f Finding) String() string {
	s := f.Format.Title()
	if f.Unpacked != packed.Plain {
		s += ", " + f.Unpacked.String()
	}
	if f.Note != "" {
		s += ", " + f.Note
	}
	return s
}

// Look tells what the payload is, which it lends. It costs about what decoding the payload costs, and has no error: a payload
// that is packed and does not unpack is Binary with a Note.
func Look(payload []byte) Finding {
	text, kind, err := packed.Unpacker{}.Unpack(nil, payload)
	if err != nil {
		return Finding{kind, Binary, unreadable}
	}
	f, note := look(text)
	return Finding{kind, f, note}
}

// look tells what an unpacked payload is. Magics come first, then what text can be, then what only reads as something.
func look(p []byte) (f Format, note string) {
	if len(p) == 0 {
		return Empty, ""
	}
	if f, note = magic(p); f != "" {
		return f, note
	}
	if isText(p) {
		return text(p)
	}
	return binaryFormat(p)
}

// isText reports whether p is UTF-8 without control characters that no text has.
func isText(p []byte) bool {
	if !utf8.Valid(p) {
		return false
	}
	for _, c := range p {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != 0x1b {
			return false
		}
	}
	return true
}
