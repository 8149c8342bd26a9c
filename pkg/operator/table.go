package operator

import (
	"fmt"
	"slices"

	"github.com/kstream/kstream/pkg/operator/nearest"
)

// operators are the stages by their word. Each compiles its clause, says what is wrong with it, and adds itself to the
// plan. A new operator is one file and one line here.
var operators map[string]func(b *builder, c *clause)

func init() { // and not where it is declared: the operators call the builder, which reads the table
	operators = map[string]func(b *builder, c *clause){
		"decode":    compileDecode,
		"filter":    compileFilter,
		"map":       compileMap,
		"set":       compileSet,
		"drop":      compileDrop,
		"keep":      compileKeep,
		"flat_map":  compileFlatMap,
		"timestamp": compileTimestamp,
		"key_by":    compileKeyBy,
		"window":    compileWindow,
		"aggregate": compileAggregate,
		"dedupe":    compileDedupe,
		"sample":    compileSample,
		"limit":     compileLimit,
		"throttle":  compileThrottle,
		"encode":    compileEncode,
		"table":     compileTable,
	}
}

// synonyms are words of other languages.
var synonyms = map[string]string{
	"where": "filter", "select": "map", "project": "map", "unnest": "flat_map", "explode": "flat_map", "head": "limit",
	"rename": "set", "remove": "drop", "delete": "drop", "parse": "decode", "group_by": "key_by", "groupby": "key_by",
	"distinct": "dedupe", "deduplicate": "dedupe", "reduce": "aggregate", "tumble": "window", "session": "window", "hop": "window",
	"watermark": "timestamp", "event_time": "timestamp", "format": "encode", "rate": "throttle", "lookup": "table", "join": "table", "enrich": "table",
}

// unknown says that there is no stage of the clause's word.
func (b *builder) unknown(c *clause) {
	word := c.word.String()
	at := c.word
	if word == "" {
		at = c.all
		b.fault(at, "a stage begins with a word", "such as: filter status >= 500")
		return
	}
	var known []string
	for name := range operators {
		known = append(known, name)
	}
	slices.Sort(known)
	near := synonyms[word]
	if near == "" {
		near = nearest.Of(word, known)
	}
	hint := ""
	if near != "" {
		hint = "did you mean " + near + "?"
	}
	b.fault(at, fmt.Sprintf("there is no stage %s", word), hint)
}
