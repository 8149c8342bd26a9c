package config

import (
	"path/filepath"
	"strings"

	"github.com/kstream/kstream/pkg/record"
)

// check finds what fits each by itself and not together.
func (c *Config) check(faults *Faults) {
	c.checkSource(faults)
	c.checkSink(faults)
	c.checkDeadLetters(faults)
	if c.Run.StateDir == "" && c.Sink.Kind != "stdout" {
		faults.add(Prefix+"STATE_DIR", "with SINK=%s it must be set: without checkpoints every start would write everything again. "+
			"Set it to a folder that outlives the process (docker: -v kstream-state:/var/lib/kstream), or leave SINK at stdout", c.Sink.Kind)
	}
}

func (c *Config) checkSource(faults *Faults) {
	switch c.Source.Kind {
	case "kinesis":
		if len(c.Source.Streams) == 0 {
			faults.add(Prefix+"STREAM", "it is not set: the name or ARN of the stream to read (`kstream streams` lists them, `kstream demo` needs none)")
		}
		if c.Source.From.Shard != "" && len(c.Source.Streams) > 1 {
			faults.add(c.Values["FROM"].Name(), "a place in a shard goes with one stream, and STREAM names %d", len(c.Source.Streams))
		}
		return
	case "file":
		if len(c.Source.InputPaths) == 0 {
			faults.add(Prefix+"INPUT_PATH", "with SOURCE=file it must be set: the files to read, such as /data/*.jsonl.gz")
		}
	}
	if c.Source.From.Position.Where != record.Oldest {
		faults.add(c.Values["FROM"].Name(), "files are read from their first line: with SOURCE=%s it can only be oldest", c.Source.Kind)
	}
}

func (c *Config) checkSink(faults *Faults) {
	switch c.Sink.Kind {
	case "file":
		if c.Sink.File.Path == "" {
			faults.add(Prefix+"FILE_PATH", "with SINK=file it must be set: the file to write, such as /data/out.jsonl")
		}
	case "kinesis":
		if c.Sink.Stream == "" {
			faults.add(Prefix+"SINK_STREAM", "with SINK=kinesis it must be set: the name or ARN of the stream to write to")
		}
		c.checkLoop(c.Values["SINK_STREAM"].Name(), c.Sink.Stream, faults)
	}
	if c.Sink.BatchBytes < 1 || c.Sink.BatchBytes > 10<<20 {
		faults.add(c.Values["SINK_BATCH_BYTES"].Name(), "a request of PutRecords holds from 1 byte to 10MiB")
	}
}

// checkLoop refuses to write into a stream that is read: each record would come again.
func (c *Config) checkLoop(name, target string, faults *Faults) {
	for _, s := range c.Source.Streams {
		if target != "" && sameStream(s, target) && c.Sink.EndpointURL == "" && c.Sink.RoleARN == c.Source.RoleARN {
			faults.add(name, "%q is the stream that is read: what is written would be read again, for ever", target)
		}
	}
}

// sameStream compares two names or ARNs; a name and an ARN are the same where the name is.
func sameStream(a, b string) bool {
	if strings.HasPrefix(a, "arn:") && strings.HasPrefix(b, "arn:") {
		return a == b
	}
	return streamName(a) == streamName(b)
}

func streamName(s string) string {
	if _, name, ok := strings.Cut(s, ":stream/"); ok {
		return name
	}
	return s
}

func (c *Config) checkDeadLetters(faults *Faults) {
	d, name := c.Sink.DeadLetters, c.Values["DEAD_LETTER"].Name()
	switch d.Kind {
	case "file":
		if c.Sink.Kind == "file" && filepath.Clean(d.Name) == filepath.Clean(c.Sink.File.Path) {
			faults.add(name, "dead letters can't go into the sink's own file %s", d.Name)
		}
		if c.Run.StateDir == "" {
			faults.add(name, "a file of dead letters needs STATE_DIR, or every start would write them again")
		}
	case "kinesis":
		c.checkLoop(name, d.Name, faults)
	}
}
