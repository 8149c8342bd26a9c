package main

import "time"

// scene is one recording.
type scene struct {
	name, title   string
	columns, rows int
	wait          time.Duration // before it begins
	steps         []step
}

// pipeline is what runs beside the scenes.
const pipeline = `filter path != "/health" | timestamp ts | key_by service | window tumbling 10s | aggregate requests = count(), errors = count_if(status >= 500)`

// sample is what check --input is given: a record that passes, one that does not, one of which a field has a wrong type, and one
// that can't be handled.
const sample = `{"service":"cart","status":503,"latency_ms":2041}
{"service":"search","status":200,"latency_ms":12}
{"service":"login","status":"502","latency_ms":1870}
{"service":"cart","status":500,"latency_ms":"slow"}
`

var scenes = []scene{
	{
		name: "demo", title: "kstream demo: an embedded Kinesis, a producer and a pipeline, without AWS",
		columns: 112, rows: 24,
		steps: []step{{command: "kstream demo", keys: []key{{7 * time.Second, interrupt}}}},
	},
	{
		name: "consume", title: "kstream consume: the last errors of a stream, and what comes",
		columns: 112, rows: 26, wait: 5 * time.Second,
		steps: []step{
			{command: "kstream consume logs --last 1 --exit --filter 'status >= 500'"},
			{command: "kstream consume logs --map 'ts, level, service, status' -f '%k  %s\\n'", keys: []key{{5 * time.Second, interrupt}}},
		},
	},
	{
		name: "shards", title: "kstream streams and kstream shards: what there is, and a stream's tree of shards",
		columns: 112, rows: 15,
		steps: []step{
			{command: "kstream streams"},
			{command: "kstream shards orders"},
		},
	},
	{
		name: "lag", title: "kstream lag --watch: how far behind a run is, shard by shard",
		columns: 150, rows: 9,
		steps: []step{{command: "kstream lag --watch", keys: []key{{7 * time.Second, interrupt}}}},
	},
	{
		name: "mistakes", title: "Mistakes in a chain: all of them at once, each with its place and what would be right",
		columns: 112, rows: 18,
		steps: []step{
			{command: "kstream consume logs --operators 'filter uper(service) == \"CART\" | mapp service | window tumbling 1m'"},
			{command: "kstream consume logs --last 3 --exit --filter 'levl == \"error\"'"},
		},
	},
	{
		name: "check", title: "kstream check --input: what each stage does to records, and why",
		columns: 112, rows: 36,
		steps: []step{
			{command: "kstream check --stream logs --filter 'status >= 500' --map 'service, seconds = latency_ms / 1000' --input sample.jsonl"},
		},
	},
	{
		name: "top", title: "kstream top: a running kstream on the whole screen",
		columns: 120, rows: 24, wait: 15 * time.Second,
		steps: []step{{command: "kstream top", keys: []key{{9 * time.Second, "q"}}}},
	},
}
