package avro

import (
	"testing"
)

// event is a schema with every type that payloads of services have.
const event = `{"type":"record","name":"shop.Event","fields":[
	{"name":"id","type":{"type":"string","logicalType":"uuid"}},
	{"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},
	{"name":"service","type":"string"},
	{"name":"level","type":{"type":"enum","name":"Level","symbols":["debug","info","warn","error"]}},
	{"name":"status","type":"int"},
	{"name":"latency_ms","type":["null","double"],"default":null},
	{"name":"user","type":["null",{"type":"record","name":"User","fields":[
		{"name":"id","type":"long"},{"name":"email","type":["null","string"],"default":null},
		{"name":"roles","type":{"type":"array","items":"string"},"default":["guest"]}]}],"default":null},
	{"name":"tags","type":{"type":"map","values":"string"}},
	{"name":"price","type":{"type":"bytes","logicalType":"decimal","precision":18,"scale":4}},
	{"name":"trace","type":["null",{"type":"fixed","name":"Trace","size":16,"logicalType":"uuid"}]},
	{"name":"body","type":"bytes"},
	{"name":"parent","type":["null","Event"],"default":null}
]}`

// kitchen has a type each.
const kitchen = `{"type":"record","name":"K","fields":[
	{"name":"nothing","type":"null"},{"name":"b","type":"boolean"},{"name":"i","type":"int"},{"name":"l","type":"long"},
	{"name":"f","type":"float"},{"name":"d","type":"double"},{"name":"s","type":"string"},{"name":"raw","type":"bytes"},
	{"name":"fix","type":{"type":"fixed","name":"Three","size":3}},
	{"name":"e","type":{"type":"enum","name":"E","symbols":["A","B"]}},
	{"name":"list","type":{"type":"array","items":["null","long","string"]}},
	{"name":"map","type":{"type":"map","values":{"type":"array","items":"double"}}},
	{"name":"next","type":["null","K"]},{"name":"same","type":["E","Three"]},
	{"name":"nulls","type":{"type":"array","items":{"type":"record","name":"Empty","fields":[]}}}
]}`

// times has the logical types.
const times = `{"type":"record","name":"T","fields":[
	{"name":"date","type":{"type":"int","logicalType":"date"}},
	{"name":"tm","type":{"type":"int","logicalType":"time-millis"}},
	{"name":"tu","type":{"type":"long","logicalType":"time-micros"}},
	{"name":"im","type":{"type":"long","logicalType":"timestamp-millis"}},
	{"name":"iu","type":{"type":"long","logicalType":"timestamp-micros"}},
	{"name":"in","type":{"type":"long","logicalType":"timestamp-nanos"}},
	{"name":"lm","type":{"type":"long","logicalType":"local-timestamp-millis"}},
	{"name":"lu","type":{"type":"long","logicalType":"local-timestamp-micros"}},
	{"name":"ln","type":{"type":"long","logicalType":"local-timestamp-nanos"}},
	{"name":"dec","type":{"type":"bytes","logicalType":"decimal","precision":38,"scale":3}},
	{"name":"fd","type":{"type":"fixed","name":"FD","size":5,"logicalType":"decimal","precision":10,"scale":0}},
	{"name":"big","type":{"type":"bytes","logicalType":"big-decimal"}},
	{"name":"id","type":{"type":"fixed","name":"ID","size":16,"logicalType":"uuid"}},
	{"name":"span","type":{"type":"fixed","name":"Span","size":12,"logicalType":"duration"}}
]}`

func parsed(t testing.TB, text string, referenced ...string) *Schema {
	t.Helper()
	s, err := Parse(text, referenced...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
