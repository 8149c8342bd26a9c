package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/kstream/kstream/internal/quantity"
)

// print shows d as a list of what it is; wide has the consumers' ARNs.
func (d *description) print(w io.Writer, now time.Time, wide bool) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	line := func(name, text string) { fmt.Fprintf(tw, "%s\t%s\n", name, dash(text)) }
	line("Stream", d.Name)
	line("ARN", d.ARN)
	line("Status", d.Status)
	line("Mode", d.mode())
	line("Shards", d.shardCounts())
	line("Retention", d.retention())
	line("Largest record", d.largest())
	line("Encryption", d.encryption())
	line("Shard metrics", noneOr(d.ShardMetrics))
	line("Created", fmt.Sprintf("%s, %s ago", d.Created.UTC().Format(time.RFC3339), quantity.Span(now.Sub(d.Created).Seconds())))
	if d.Tags != nil {
		var tags []string
		for _, key := range slices.Sorted(maps.Keys(d.Tags)) {
			tags = append(tags, key+"="+d.Tags[key])
		}
		line("Tags", noneOr(tags))
	}
	if d.Consumers != nil {
		line("Consumers", d.consumers())
		for _, c := range d.Consumers {
			text := fmt.Sprintf("%s, %s, since %s", c.Name, c.Status, c.Created.UTC().Format(time.RFC3339))
			if wide {
				text += ", " + c.ARN
			}
			line("", text)
		}
	}
	return tw.Flush()
}

func (d *description) mode() string {
	if d.WarmMiBps != nil {
		return fmt.Sprintf("%s, warm for %d MiB/s", d.Mode, *d.WarmMiBps)
	}
	return d.Mode
}

func (d *description) shardCounts() string {
	text := fmt.Sprintf("%d open", d.Shards)
	if d.Closed > 0 {
		text += fmt.Sprintf(", %d closed that still hold records", d.Closed)
	}
	return text
}

func (d *description) retention() string {
	if d.Retention > 24 && d.Retention%24 == 0 {
		return fmt.Sprintf("%d days (%dh)", d.Retention/24, d.Retention)
	}
	return fmt.Sprintf("%dh", d.Retention)
}

// largest is the limit of a record's size, where the service tells it.
func (d *description) largest() string {
	if d.MaxRecordKiB == nil || *d.MaxRecordKiB == 0 {
		return ""
	}
	if kib := *d.MaxRecordKiB; kib%1024 != 0 {
		return fmt.Sprintf("%d KiB", kib)
	}
	return fmt.Sprintf("%d MiB", *d.MaxRecordKiB/1024)
}

func (d *description) encryption() string {
	if d.Encryption == "NONE" || d.Encryption == "" {
		return "none"
	}
	return d.Encryption + ", key " + dash(d.Key)
}

func (d *description) consumers() string {
	if len(d.Consumers) == 0 {
		return "none"
	}
	return count(int64(len(d.Consumers)), "consumer") + ", each with 2 MB/s a shard of its own"
}

func noneOr(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}
