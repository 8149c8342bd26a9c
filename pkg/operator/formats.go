package operator

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/operator/nearest"
)

// inFormat is a format of decode: its options, each with an example of its value ("" for one that takes none), and what
// reads the stage. rest is what stands behind the format's name. ok is false where that is wrong, which has been said.
type inFormat struct {
	options map[string]string
	open    func(b *builder, c *clause, rest span, o options) (how decoding, ok bool)
}

// outFormat is a format of encode, as inFormat is one of decode.
type outFormat struct {
	options map[string]string
	open    func(b *builder, c *clause, rest span, o options) (writer func() format.Transcriber, ok bool)
}

// inFormats and outFormats are the formats that are files of their own, beside json and text. A new one is a line here.
var (
	inFormats = map[string]inFormat{
		"auto":   plainFormat(decodeAuto),
		"ndjson": plainFormat(decodeNDJSON),
		"logfmt": plainFormat(decodeLogfmt),
		"csv":    {csvOptions, decodeCSV},
		"regex":  {regexOptions, decodeRegex},

		"syslog":          plainFormat(decodeSyslog),
		"clf":             plainFormat(decodeAccess),
		"combined":        plainFormat(decodeAccess),
		"cloudwatch_logs": {cloudwatchOptions, decodeCloudwatch},
		"dynamodb":        plainFormat(decodeDynamoDB),
		"msgpack":         plainFormat(decodeMsgpack),
		"cbor":            plainFormat(decodeCBOR),

		"protobuf": {protobufOptions, decodeProtobuf},
		"avro":     {avroOptions, decodeAvro},
	}
	outFormats = map[string]outFormat{
		"logfmt": {nil, encodeLogfmt},
		"csv":    {csvOutOptions, encodeCSV},

		"msgpack":  {nil, encodeMsgpack},
		"protobuf": {protobufOut, encodeProtobuf},
		"avro":     {avroOut, encodeAvro},

		"parquet": {nil, encodeParquet},
	}
)

// plainFormat is a format that there is nothing to say of.
func plainFormat(how decoding) inFormat {
	return inFormat{open: func(b *builder, c *clause, rest span, _ options) (decoding, bool) {
		return how, b.nothing(c, rest)
	}}
}

// nothing says where something stands behind a format's name that takes nothing.
func (b *builder) nothing(c *clause, rest span) bool {
	if rest.from < rest.to {
		name, _ := c.args[0].word()
		b.fault(rest, fmt.Sprintf("%s %s takes nothing more", c.word, name), "")
		return false
	}
	return true
}

// noFormat says that decode or encode has no such format.
func (b *builder) noFormat(arg span, known []string) {
	slices.Sort(known)
	name := arg.String()
	hint := "there are " + strings.Join(known[:len(known)-1], ", ") + " and " + known[len(known)-1]
	if near := nearest.Of(name, known); near != "" {
		hint = "did you mean " + near + "?"
	}
	b.fault(arg, fmt.Sprintf("there is no format %s", name), hint)
}

// formatNames returns the names of formats, those that are no files of their own included.
func formatNames[F any](formats map[string]F) []string {
	return slices.AppendSeq([]string{"json", "text"}, maps.Keys(formats))
}
