package config

import (
	"path/filepath"
	"time"

	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/sink/file"
)

// checkState finds outputs that need checkpoints where none are kept.
func (c *Config) checkState(faults *Faults) {
	if c.Run.StateDir != "" {
		return
	}
	if c.Sink.Kind != "stdout" {
		faults.add(Prefix+"STATE_DIR", "with SINK=%s it must be set: without checkpoints every start would write everything again. "+
			"Set it to a folder that outlives the process (docker: -v kstream-state:/var/lib/kstream), or leave SINK at stdout", c.Sink.Kind)
	}
	if c.Sink.DeadLetters.Kind == "file" {
		faults.add(c.Values["DEAD_LETTER"].Name(), "a file of dead letters needs STATE_DIR, or every start would write them again")
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

// checkSpan refuses an end before the beginning: with it there is nothing to read.
func (c *Config) checkSpan(faults *Faults) {
	f, u := c.Source.From, c.Source.Until
	if u == nil {
		return
	}
	now := time.Now()
	begin, end := f.Position.Time, u.Time
	if f.Position.Where == record.Latest {
		begin = record.MillisOf(now.Add(-f.Ago))
	}
	if end == 0 {
		end = record.MillisOf(now.Add(-u.Ago))
	}
	if begin > end {
		faults.add(c.Values["UNTIL"].Name(), "%s is before FROM, which is %s", u.Setting, c.Values["FROM"].Text)
	}
}

func (c *Config) checkSink(faults *Faults) {
	switch c.Sink.Kind {
	case "file":
		if c.Sink.File.Path == "" {
			faults.add(Prefix+"FILE_PATH", "with SINK=file it must be set: the file to write, such as /data/out.jsonl")
		}
		c.files(c.Values["FILE_PATH"].Name(), c.Sink.File, faults)
	case "kinesis":
		if c.Sink.Stream == "" {
			faults.add(Prefix+"SINK_STREAM", "with SINK=kinesis it must be set: the name or ARN of the stream to write to")
		}
	}
	if c.Sink.BatchBytes < 1 || c.Sink.BatchBytes > 10<<20 {
		faults.add(c.Values["SINK_BATCH_BYTES"].Name(), "a request of PutRecords holds from 1 byte to 10MiB")
	}
}

// checkDeadLetters looks at a file of them; c.checkLoops at a stream.
func (c *Config) checkDeadLetters(faults *Faults) {
	d, name := c.Sink.DeadLetters, c.Values["DEAD_LETTER"].Name()
	if d.Kind != "file" {
		return
	}
	letters := c.files(name, file.Config{Path: d.Name}, faults)
	if c.Sink.Kind == "file" && letters != "" && letters == c.files(c.Values["FILE_PATH"].Name(), c.Sink.File, faults) {
		faults.add(name, "dead letters can't go into the sink's own file %s", letters)
	}
}

// files returns which files f writes, "" where it can't.
func (c *Config) files(name string, f file.Config, faults *Faults) string {
	if f.Path == "" {
		return ""
	}
	files, err := f.Files()
	if err == nil {
		files, err = filepath.Abs(files)
	}
	if err != nil {
		faults.add(name, "%v", err)
		return ""
	}
	return files
}
