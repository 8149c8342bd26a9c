// Package config reads what a user has set: variables, the files they may stand in, and flags. It answers with all faults
// at once, and knows where each value came from. docs/configuration.md is made from the struct in this file.
package config

// settings holds every variable as text. A field FilePath is KSTREAM_FILE_PATH and --file-path; its tags are the
// reference that `kstream env` prints. Explicit envconfig names are avoided on purpose: with one, the library would also
// read the variable without our prefix.
type settings struct {
	Source         string `split_words:"true" group:"Source" default:"kinesis" values:"kinesis, file, stdin" desc:"where records come from"`
	Stream         string `split_words:"true" group:"Source" scope:"all" desc:"streams to read, by commas: names or ARNs; an ARN's region wins over AWS_REGION"`
	From           string `split_words:"true" group:"Source" default:"oldest" values:"oldest, latest, TIME, AGE, SHARD:SEQUENCE" desc:"where to begin a stream that no checkpoint knows (consume: latest). SHARD:SEQUENCE is at that record, of that shard and its children only"`
	Until          string `split_words:"true" group:"Source" values:"now, TIME, AGE" desc:"where to end; empty is never. It is resolved once, and kept until that run is done"`
	Read           string `split_words:"true" group:"Source" default:"polling" values:"polling" desc:"how shards are read"`
	PollInterval   string `split_words:"true" group:"Source" scope:"all" values:"DURATION" desc:"the least time between two calls for one shard, with no other pacing of ours (0s: at once, as emulators want it); not set: 1s at the tip, as READ_SHARE allows while behind"`
	ReadShare      string `split_words:"true" group:"Source" scope:"all" default:"1" values:"over 0, up to 1" desc:"the part of a shard's 5 calls/s and 2 MB/s to take (other commands than run: 0.5)"`
	Deaggregate    string `split_words:"true" group:"Source" default:"true" values:"true, false, unfiltered" desc:"take KPL aggregates apart: true, false (as they are), unfiltered (keep records outside the shard's hash range)"`
	Wire           string `split_words:"true" group:"Source" scope:"all" default:"json" values:"json, cbor" desc:"how records are asked for and sent: json as the SDK for Go does, or cbor as the SDK for Java does, which costs half the CPU"`
	Buffer         string `split_words:"true" group:"Source" values:"SIZE" desc:"bytes read and not yet done with; not set: 256MiB, or a quarter of the container's limit if that is less"`
	RoleArn        string `split_words:"true" group:"Source" scope:"all" desc:"a role to assume for the source, on top of the SDK's credentials"`
	RoleExternalId string `split_words:"true" group:"Source" scope:"all" desc:"the external ID that ROLE_ARN asks for"`
	InputPath      string `split_words:"true" group:"Source" values:"PATHS" desc:"file: files to read, by commas, or patterns; .gz and .zst are unpacked. Each line is a record, and the run is over with the last file"`

	Operators              string `split_words:"true" group:"Chain" values:"CHAIN" desc:"the chain: stages parted by | or new lines (OPERATORS_FILE names a file with it)"`
	DeadLetter             string `split_words:"true" group:"Chain" values:"log, file:PATH, kinesis:STREAM, fail, discard" desc:"where records go that could not be handled; not set: file:dead-letters.jsonl in STATE_DIR, or log without one (consume: discard, summed up at the end)"`
	Parallelism            string `split_words:"true" group:"Chain" values:"1 to 256" desc:"tasks behind a key_by; not set: as many as there are cores. It may change at any start"`
	IdleTimeout            string `split_words:"true" group:"Chain" default:"30s" values:"DURATION, none" desc:"how long a shard must have been at the tip without a record to hold back no window; none: it always does"`
	MaxDrift               string `split_words:"true" group:"Chain" default:"10m" values:"DURATION, none" desc:"how far in event time a shard may be read ahead of the slowest, where the chain has windows or dedupe"`
	StateMemory            string `split_words:"true" group:"Chain" values:"SIZE" desc:"keyed state kept in memory; more is on disk. Not set: as BUFFER"`
	SchemaRegistryUrl      string `split_words:"true" group:"Chain" scope:"all" values:"URLS" desc:"for chains that say registry confluent: where the schema registry answers, by commas"`
	SchemaRegistryUser     string `split_words:"true" group:"Chain" scope:"all" desc:"the user that it asks for"`
	SchemaRegistryPassword string `split_words:"true" group:"Chain" scope:"all" secret:"true" desc:"its password; no flag, best from a file: SCHEMA_REGISTRY_PASSWORD_FILE"`
	SchemaRegistryToken    string `split_words:"true" group:"Chain" scope:"all" secret:"true" desc:"a bearer token, in the place of user and password; no flag"`

	Sink             string `split_words:"true" group:"Sink" default:"stdout" values:"stdout, file, kinesis" desc:"where records go"`
	SinkFraming      string `split_words:"true" group:"Sink" default:"lines" values:"lines, length, base64" desc:"stdout and file: an end-of-line behind each record, a varint of its length before it, or a line of base64"`
	FilePath         string `split_words:"true" group:"Sink" values:"PATH" desc:"file: the file; its folders are made, and {host} in it keeps workers apart"`
	FileRollSize     string `split_words:"true" group:"Sink" values:"SIZE" desc:"file: bytes on disk at which a file is finished and another begun"`
	FileRollInterval string `split_words:"true" group:"Sink" values:"DURATION" desc:"file: the age at which a file is finished, idle or not"`
	FileCompression  string `split_words:"true" group:"Sink" values:"none, gzip, zstd" desc:"file: packing; .gz or .zst is added to the name if missing. Of encode parquet it is that of the columns, and the name ends in .parquet. Not set: none, in parquet zstd"`
	SinkStream       string `split_words:"true" group:"Sink" desc:"kinesis: name or ARN of the stream to write to"`
	SinkPartitionKey string `split_words:"true" group:"Sink" values:"EXPRESSION" desc:"kinesis: the partition key; not set: the key after key_by, else the record's own"`
	SinkAggregate    string `split_words:"true" group:"Sink" default:"false" values:"true, false" desc:"kinesis: pack records as the KPL does"`
	SinkOrder        string `split_words:"true" group:"Sink" default:"key" values:"key, strict" desc:"kinesis: key: a record that failed goes out again before later ones of its key that have not been sent; strict: nothing of a key overtakes"`
	SinkBatchBytes   string `split_words:"true" group:"Sink" default:"5MiB" values:"SIZE" desc:"kinesis: most bytes a request"`
	SinkLinger       string `split_words:"true" group:"Sink" default:"100ms" values:"DURATION" desc:"kinesis: how long a request that is not full waits for more"`
	SinkInFlight     string `split_words:"true" group:"Sink" default:"4" values:"NUMBER" desc:"kinesis: requests at a time"`
	SinkRoleArn      string `split_words:"true" group:"Sink" desc:"a role to assume for the sink"`
	SinkEndpointUrl  string `split_words:"true" group:"Sink" desc:"the sink's endpoint; not set: the SDK's"`

	StateDir           string `split_words:"true" group:"Run" values:"PATH, none" desc:"checkpoints and state (image: /var/lib/kstream, a volume); none keeps nothing, and then SINK is stdout"`
	CheckpointInterval string `split_words:"true" group:"Run" default:"10s" values:"DURATION" desc:"time between two checkpoints"`
	ShutdownTimeout    string `split_words:"true" group:"Run" default:"25s" values:"DURATION" desc:"how long a stop may take, below the orchestrator's; past it exit 1, and the last epoch is done again at the next start"`
	HttpAddr           string `split_words:"true" group:"Run" default:"127.0.0.1:8080" values:"HOST:PORT, none" desc:"where the status page, /healthz, /readyz and /metrics are served (image: :8080)"`
	HttpPayloads       string `split_words:"true" group:"Run" default:"false" values:"true, false" desc:"show payloads and partition keys of the last dead letters on the status page, to all who can reach it"`
	MetricsPerShard    string `split_words:"true" group:"Run" default:"true" values:"true, false" desc:"metrics of each shard, or summed over a stream"`
	LogLevel           string `split_words:"true" group:"Run" scope:"all" default:"info" values:"debug, info, warn, error" desc:"the least that is logged"`
	LogFormat          string `split_words:"true" group:"Run" scope:"all" default:"auto" values:"auto, console, json" desc:"console lines or JSON; auto: console at a terminal"`
}

// later are the variables of capabilities that this version does not have, with what they are for.
var later = map[string]string{
	"FAN_OUT_NAME":       "enhanced fan-out",
	"KAFKA_BROKERS":      "the Kafka source",
	"KAFKA_TOPIC":        "the Kafka source",
	"SINK_KAFKA_BROKERS": "the Kafka sink",
	"SINK_KAFKA_TOPIC":   "the Kafka sink",
	"GROUP":              "workers that share a stream's shards",
}

// laterValues are the values of variables that this version does not take yet.
var laterValues = map[string]map[string]string{
	"SOURCE": {"kafka": "the Kafka source"},
	"READ":   {"fan-out": "enhanced fan-out"},
	"SINK":   {"kafka": "the Kafka sink", "s3": "the S3 sink", "hdfs": "the HDFS sink"},
}
