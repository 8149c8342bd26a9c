package config

import (
	"time"

	"github.com/kstream/kstream/pkg/format/framing"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/sink/file"
)

// Config is what a user set, read and checked. Every field has its default.
type Config struct {
	Source Source
	Chain  Chain
	Sink   Sink
	Run    Run
	Values map[string]Value // by variable, for `kstream check`
}

// Source is where records come from.
type Source struct {
	Kind           string   // kinesis, file, stdin
	InputPaths     []string // of file
	Streams        []string // names or ARNs
	From           From
	Until          *Until
	PollInterval   *time.Duration // nil: not set
	ReadShare      float64
	Deaggregate    string // true, false, unfiltered
	CBOR           bool   // ask for records in CBOR
	Buffer         int    // bytes
	RoleARN        string
	RoleExternalID string
}

// From is where to begin. With a Shard, Position is At a sequence number of it.
type From struct {
	Position record.Position
	Ago      time.Duration // with Latest: before the service's now
	Shard    string
}

// Until is where to end: Time, or Ago before the service's now where Time is 0.
type Until struct {
	Setting string
	Time    record.Millis
	Ago     time.Duration
}

// Chain is what happens on the way.
type Chain struct {
	Text string
	Name string // where it came from, for messages

	Parallelism int
	IdleTimeout time.Duration // 0: never idle
	MaxDrift    time.Duration // 0: no bound
	StateMemory int           // bytes

	SchemaRegistry SchemaRegistry
}

// SchemaRegistry is where a registry of Confluent's kind answers.
type SchemaRegistry struct {
	URLs                  []string
	User, Password, Token string
}

// Target is a place for dead letters: Kind log, file, kinesis, fail or discard, and the file's path or the stream.
type Target struct{ Kind, Name string }

// Sink is where records go.
type Sink struct {
	Kind         string
	Framing      framing.Framing
	File         file.Config
	Stream       string
	PartitionKey string
	Aggregate    bool
	Strict       bool
	BatchBytes   int
	Linger       time.Duration
	InFlight     int
	RoleARN      string
	EndpointURL  string
	DeadLetters  Target
}

// Run is how the process runs.
type Run struct {
	StateDir           string // "": nothing is kept
	CheckpointInterval time.Duration
	ShutdownTimeout    time.Duration
	HTTPAddr           string // "": nothing is served
	HTTPAddrSet        bool   // by the user: one that is taken is then an error
	HTTPPayloads       bool   // the status page shows dead letters' payloads
	MetricsPerShard    bool
	LogLevel           string
	LogFormat          string
}
