package config

import (
	"fmt"
	"math"
	"net"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kstream/kstream/pkg/format/framing"
	"github.com/kstream/kstream/pkg/operator/nearest"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/sink/file"
)

// parser turns texts into values and collects the faults.
type parser struct {
	values map[string]Value
	faults *Faults
}

func parse(values map[string]Value, faults *Faults) *Config {
	p := &parser{values, faults}
	p.choose("READ", "polling")
	c := &Config{Values: values}
	c.Source = Source{
		Kind: p.choose("SOURCE", "kinesis", "file", "stdin"), InputPaths: splitList(p.text("INPUT_PATH")),
		Streams: p.streams("STREAM"), From: p.from(), Until: p.until(), PollInterval: p.optionalDuration("POLL_INTERVAL"),
		ReadShare: p.share("READ_SHARE"), Deaggregate: p.choose("DEAGGREGATE", "true", "false", "unfiltered"), CBOR: p.choose("WIRE", "json", "cbor") == "cbor",
		Buffer: p.buffer(), RoleARN: p.orNone("ROLE_ARN"), RoleExternalID: p.orNone("ROLE_EXTERNAL_ID"),
	}
	c.Chain = Chain{
		Text: p.orNone("OPERATORS"), Name: p.values["OPERATORS"].Name(), Parallelism: p.parallelism(),
		IdleTimeout: p.positiveOrNone("IDLE_TIMEOUT"), MaxDrift: p.positiveOrNone("MAX_DRIFT"), StateMemory: p.stateMemory(c.Source.Buffer),
		SchemaRegistry: SchemaRegistry{
			URLs: splitList(p.orNone("SCHEMA_REGISTRY_URL")), User: p.orNone("SCHEMA_REGISTRY_USER"),
			Password: p.orNone("SCHEMA_REGISTRY_PASSWORD"), Token: p.orNone("SCHEMA_REGISTRY_TOKEN"),
		},
	}
	c.Run = Run{
		StateDir: p.orNone("STATE_DIR"), CheckpointInterval: p.positive("CHECKPOINT_INTERVAL"), ShutdownTimeout: p.positive("SHUTDOWN_TIMEOUT"),
		HTTPAddr: p.address("HTTP_ADDR"), HTTPAddrSet: p.values["HTTP_ADDR"].Set(),
		HTTPPayloads: p.bool("HTTP_PAYLOADS"), MetricsPerShard: p.bool("METRICS_PER_SHARD"),
		LogLevel: p.choose("LOG_LEVEL", "debug", "info", "warn", "error"), LogFormat: p.choose("LOG_FORMAT", "auto", "console", "json"),
	}
	c.Sink = p.sink(c.Run.StateDir)
	return c
}

func (p *parser) sink(stateDir string) Sink {
	s := Sink{
		Kind: p.choose("SINK", "stdout", "file", "kinesis"), Stream: p.stream("SINK_STREAM"), PartitionKey: p.orNone("SINK_PARTITION_KEY"),
		Aggregate: p.bool("SINK_AGGREGATE"), Strict: p.choose("SINK_ORDER", "key", "strict") == "strict",
		BatchBytes: int(p.size("SINK_BATCH_BYTES")), Linger: p.duration("SINK_LINGER"), InFlight: p.count("SINK_IN_FLIGHT"),
		RoleARN: p.orNone("SINK_ROLE_ARN"), EndpointURL: p.orNone("SINK_ENDPOINT_URL"),
		DeadLetters: p.deadLetters(stateDir),
	}
	s.Framing = framing.Framing(p.choose("SINK_FRAMING", string(framing.Lines), string(framing.Length), string(framing.Base64)))
	s.File = file.Config{Path: p.text("FILE_PATH"), RollSize: p.size("FILE_ROLL_SIZE"), Compression: try(p, "FILE_COMPRESSION", file.ParseCompression)}
	s.File.RollInterval = p.positiveOrNone("FILE_ROLL_INTERVAL")
	return s
}

// text returns the variable's text.
func (p *parser) text(name string) string { return p.values[name].Text }

// orNone returns the text, "" for none.
func (p *parser) orNone(name string) string {
	if t := p.text(name); t != "none" {
		return t
	}
	return ""
}

func (p *parser) fault(name, format string, args ...any) {
	p.faults.add(p.values[name].Name(), format, args...)
}

// try parses the text of a variable that is set, and returns the zero value where that fails.
func try[T any](p *parser, name string, f func(string) (T, error)) (value T) {
	text := p.orNone(name)
	if text == "" {
		return value
	}
	value, err := f(text)
	if err != nil {
		p.fault(name, "%v", err)
	}
	return value
}

func (p *parser) choose(name string, choices ...string) string {
	text := p.text(name)
	if slices.Contains(choices, text) {
		return text
	}
	if what, ok := laterValues[name][text]; ok {
		p.fault(name, "this version does not have %s yet: it is %s", what, OneOf(choices))
	} else if near := nearest.Of(text, choices); near != "" {
		p.fault(name, "it can't be %q; did you mean %s?", text, near)
	} else {
		p.fault(name, "it can't be %q: it is %s", text, OneOf(choices))
	}
	return choices[0]
}

// address reads HOST:PORT.
func (p *parser) address(name string) string {
	return try(p, name, func(text string) (string, error) {
		_, port, err := net.SplitHostPort(text)
		if _, portErr := strconv.ParseUint(port, 10, 16); err != nil || portErr != nil {
			return "", fmt.Errorf("%q is no address: HOST:PORT or :PORT", text)
		}
		return text, nil
	})
}

func (p *parser) bool(name string) bool { return p.choose(name, "true", "false") == "true" }

func (p *parser) duration(name string) time.Duration { return try(p, name, ParseDuration) }

func (p *parser) positive(name string) time.Duration {
	d := p.duration(name)
	if d == 0 && len(p.text(name)) > 0 {
		p.fault(name, "it must be more than nothing")
	}
	return d
}

// positiveOrNone returns 0 for none.
func (p *parser) positiveOrNone(name string) time.Duration {
	if p.orNone(name) == "" {
		return 0
	}
	return p.positive(name)
}

func (p *parser) optionalDuration(name string) *time.Duration {
	if p.orNone(name) == "" {
		return nil
	}
	d := p.duration(name)
	return &d
}

func (p *parser) size(name string) int64 { return try(p, name, ParseSize) }

func (p *parser) count(name string) int {
	n, err := strconv.Atoi(p.text(name))
	if err != nil || n < 1 || n > 1000 {
		p.fault(name, "%q is no number from 1 to 1000", p.text(name))
		return 1
	}
	return n
}

// parallelism is the number of tasks: one a core, unless it is said.
func (p *parser) parallelism() int {
	text := p.text("PARALLELISM")
	if text == "" {
		return min(runtime.GOMAXPROCS(0), record.Groups)
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > record.Groups {
		p.fault("PARALLELISM", "%q is no number from 1 to %d", text, record.Groups)
		return 1
	}
	return n
}

// stateMemory is as much as BUFFER, unless it is said.
func (p *parser) stateMemory(buffer int) int {
	if p.text("STATE_MEMORY") == "" {
		return buffer
	}
	n := p.size("STATE_MEMORY")
	if n < least {
		p.fault("STATE_MEMORY", "%q is too little to work with: 1MiB at least", p.text("STATE_MEMORY"))
	}
	return int(n)
}

func (p *parser) share(name string) float64 {
	f, err := strconv.ParseFloat(p.text(name), 64)
	if err != nil || math.IsNaN(f) || f <= 0 || f > 1 {
		p.fault(name, "%q is no share: a number over 0 and up to 1", p.text(name))
		return 1
	}
	return f
}

// least is the smallest BUFFER that makes sense: a page of one shard at the tip.
const least = 1 << 20

func (p *parser) buffer() int {
	if p.text("BUFFER") == "" {
		return defaultBuffer(containerLimit())
	}
	n := p.size("BUFFER")
	if n < least {
		p.fault("BUFFER", "%q is less than a page of one shard: 1MiB at least, and 10MiB to read at full speed", p.text("BUFFER"))
	}
	return int(n)
}

// deadLetters reads DEAD_LETTER, whose default depends on the state folder.
func (p *parser) deadLetters(stateDir string) Target {
	kind, name, _ := strings.Cut(p.text("DEAD_LETTER"), ":")
	switch kind {
	case "":
		if stateDir == "" {
			return Target{Kind: "log"}
		}
		return Target{"file", filepath.Join(stateDir, "dead-letters.jsonl")}
	case "log", "fail", "discard":
		if name != "" {
			p.fault("DEAD_LETTER", "%s takes nothing behind it", kind)
		}
		return Target{Kind: kind}
	case "file", "kinesis":
		if name == "" {
			p.fault("DEAD_LETTER", "%s says where: file:PATH or kinesis:STREAM", kind)
		} else if err := CheckStream(name); kind == "kinesis" && err != nil {
			p.fault("DEAD_LETTER", "%v", err)
		}
		return Target{kind, name}
	default:
		p.fault("DEAD_LETTER", "it can't be %q: it is log, file:PATH, kinesis:STREAM, fail or discard", p.text("DEAD_LETTER"))
	}
	return Target{Kind: "log"}
}
