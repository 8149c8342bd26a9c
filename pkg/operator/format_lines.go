package operator

import (
	"strings"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/csv"
	"github.com/kstream/kstream/pkg/format/logfmt"
	"github.com/kstream/kstream/pkg/format/ndjson"
	"github.com/kstream/kstream/pkg/format/regex"
	"github.com/kstream/kstream/pkg/format/scalar"
	"github.com/kstream/kstream/pkg/operator/expression/syntax"
)

// Formats of text, a line a record.

var (
	decodeNDJSON = decoding{split: func() format.Splitter { return ndjson.Splitter{} }}
	decodeLogfmt = decoding{
		transcode: func() format.Transcoder { return logfmt.New() },
		fields:    func(p *format.Projection) format.FieldReader { return logfmt.NewReader(p.Wanted()) },
	}

	csvOptions    = map[string]string{"names": "[ts, level, status number]", "header": "", "types": "[status number]", "delimiter": `";"`}
	csvOutOptions = map[string]string{"columns": "[ts, user.id]", "delimiter": `";"`}
	regexOptions  = map[string]string{"types": "[status number]"}
)

// decodeCSV plans `csv, names [a, b number]`, a payload a line; or `csv, header`, whose payloads name their columns in the
// first line, and are records behind it.
func decodeCSV(b *builder, c *clause, rest span, o options) (how decoding, ok bool) {
	config := csv.Config{Delimiter: b.delimiter(o)}
	config.Names, config.Types = b.columns(o, "names")
	_, config.Header = o["header"]
	if _, types := b.columns(o, "types"); config.Header {
		config.Types = types
	}
	if !b.nothing(c, rest) {
		return how, false
	}
	if _, err := csv.New(config); err != nil {
		b.fault(c.all, err.Error(), "such as: decode csv, names [ts, level, status number]; or: decode csv, header")
		return how, false
	}
	if config.Header {
		return decoding{split: func() format.Splitter { return tried(csv.New(config)) }}, true
	}
	return decoding{
		transcode: func() format.Transcoder { return tried(csv.New(config)) },
		fields:    func(p *format.Projection) format.FieldReader { return tried(csv.NewReader(config, p.Wanted())) },
	}, true
}

// tried returns v, whose making has been tried with the same arguments before.
func tried[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func encodeCSV(b *builder, c *clause, rest span, o options) (open func() format.Transcriber, ok bool) {
	config := csv.EncoderConfig{Delimiter: b.delimiter(o)}
	for _, item := range b.list(o["columns"]) {
		path, behind, ok := item.path()
		if !ok || behind.from < behind.to {
			b.fault(item, "this is no field's name", "")
			return nil, false
		}
		config.Columns = append(config.Columns, format.Path{Names: path, Dotted: len(path)})
	}
	if !b.nothing(c, rest) {
		return nil, false
	}
	if _, err := csv.NewEncoder(config); err != nil {
		b.fault(c.all, err.Error(), "such as: encode csv, columns [ts, level, user.id]")
		return nil, false
	}
	return func() format.Transcriber { return tried(csv.NewEncoder(config)) }, true
}

func encodeLogfmt(b *builder, c *clause, rest span, _ options) (open func() format.Transcriber, ok bool) {
	return func() format.Transcriber { return logfmt.NewEncoder() }, b.nothing(c, rest)
}

// decodeRegex plans `regex '(?<name>…)'`.
func decodeRegex(b *builder, _ *clause, rest span, o options) (how decoding, ok bool) {
	pattern, ok := pattern(rest)
	if !ok {
		b.fault(rest, "regex needs a pattern in quotes", "such as: decode regex '(?<ip>\\S+) (?<path>\\S+)'")
		return how, false
	}
	config := regex.Config{Pattern: pattern}
	_, config.Types = b.columns(o, "types")
	if _, err := regex.New(config); err != nil {
		b.fault(rest, err.Error(), "")
		return how, false
	}
	return decoding{transcode: func() format.Transcoder { return tried(regex.New(config)) }}, true
}

// pattern reads a pattern in quotes, whose backslashes are its own: \b is the begin of a word and no backspace. Where it has
// two of them in a row it was written as strings in expressions are.
func pattern(at span) (text string, ok bool) {
	quoted := at.String()
	if len(quoted) < 3 || endOfString(quoted, 0) != len(quoted)-1 {
		return "", false
	}
	if strings.Contains(quoted, `\\`) {
		return syntax.Unquote(quoted)
	}
	quote := quoted[:1]
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\`+quote, quote), strings.Contains("\"'`", quote)
}

// delimiter reads the option of one character in quotes.
func (b *builder) delimiter(o options) byte {
	at, said := o["delimiter"]
	if !said {
		return 0
	}
	text, ok := syntax.Unquote(at.String())
	switch {
	case at.String() == "tab":
		return '\t'
	case !ok || len(text) != 1:
		b.fault(at, "a delimiter is one character in quotes, or tab", `such as: delimiter ";"`)
		return 0
	}
	return text[0]
}

// columns reads an option `[name, name type, …]`.
func (b *builder) columns(o options, option string) (names []string, types map[string]scalar.Type) {
	for _, item := range b.list(o[option]) {
		path, behind, ok := item.path()
		if !ok || len(path) != 1 {
			b.fault(item, "this is no column's name", `one that is more than letters, digits and _ is quoted: "user-agent"`)
			continue
		}
		names = append(names, path[0])
		if behind.from == behind.to {
			continue
		}
		t, ok := scalar.TypeOf(behind.String())
		if !ok {
			b.fault(behind, "there is no type "+behind.String(), "there are number, bool and string")
			continue
		}
		if types == nil {
			types = map[string]scalar.Type{}
		}
		types[path[0]] = t
	}
	return names, types
}

// list reads `[a, b]`; nothing where the option was not said.
func (b *builder) list(at span) []span {
	text := at.text()
	if text == "" {
		return nil
	}
	if text[0] != '[' || text[len(text)-1] != ']' || len(text) == 2 {
		b.fault(at, "this is no list", "a list stands in brackets: [a, b]")
		return nil
	}
	return span{at.src, at.from + 1, at.to - 1}.parts()
}
