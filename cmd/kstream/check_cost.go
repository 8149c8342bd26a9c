package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/kstream/kstream/internal/config"
	"github.com/kstream/kstream/pkg/awserror"
)

// Limits of a shard, from the API reference of GetRecords and the service's quotas: they are shared by all who poll it.
const (
	callsPerShard = 5 // a second
	readPerShard  = 2 // MB a second
)

// cost is what the use of one stream comes to.
type cost struct {
	Stream string   `json:"stream"`
	Lines  []string `json:"lines"`
}

// costs says what the run costs beside the machine that it is on: in units of the service's bill, whose prices differ by region
// and change.
func (j *job) costs(ctx context.Context, a *attempt) []cost {
	list := []cost{}
	for _, p := range a.streams {
		switch {
		case p.summary == nil:
		case p.writes:
			list = append(list, cost{p.Name, putCosts(rowOf(p.summary))})
		default:
			list = append(list, cost{p.Name, j.readCosts(ctx, p)})
		}
	}
	return list
}

// readCosts is about a stream that is read.
func (j *job) readCosts(ctx context.Context, p *probe) []string {
	s := rowOf(p.summary)
	lines := []string{ownShare(j.conf.Source, s.Shards), readUnits(s.Mode)}
	if s.Retention > 24 {
		lines = append(lines, retentionText(s.Retention))
	}
	return append(lines, p.readers(ctx))
}

// ownShare is how much of what a shard gives to all who poll it the run takes.
func ownShare(c config.Source, shards int32) string {
	limits := fmt.Sprintf("its %d calls and %d MB a second, which all who poll it share", callsPerShard, readPerShard)
	open := count(int64(shards), "open shard")
	switch {
	case c.PollInterval == nil:
		return fmt.Sprintf("%s: each is asked once a second at the tip, and while behind with up to %.3g %% of %s", open, 100*c.ReadShare, limits)
	case *c.PollInterval < time.Second/callsPerShard:
		return fmt.Sprintf("%s: each is asked as often as it lets us (POLL_INTERVAL): all of %s", open, limits)
	}
	return fmt.Sprintf("%s: each is asked every %s (POLL_INTERVAL), out of %s", open, *c.PollInterval, limits)
}

// readUnits is what polling is billed by (the service's page of prices): nothing for a provisioned stream, whose shards are
// paid by the hour whoever reads them.
func readUnits(mode string) string {
	if mode == string(types.StreamModeOnDemand) {
		return "on demand: each GB that is read is billed, by every reader anew"
	}
	return "provisioned: polling adds nothing to the bill, shard hours are paid whoever reads"
}

// retentionText is about records that are kept for longer than the first day, which is free.
func retentionText(hours int32) string {
	const week = 7 * 24
	text := fmt.Sprintf("records are kept for %d h: what is beyond 24 h is billed", hours)
	if hours > week {
		text += ", and beyond 7 days each GB that is kept, and that is read back from there"
	}
	return text
}

// readers says who else is known to read the stream.
func (p *probe) readers(ctx context.Context) string {
	const others = "; who else polls is listed nowhere, throttles show it"
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	n := aws.ToInt32(p.summary.ConsumerCount)
	consumers, err := listConsumers(ctx, p.client, p.arn)
	var names []string
	for _, c := range consumers {
		names = append(names, c.Name)
	}
	switch {
	case err == nil && len(names) == 0, err != nil && n == 0 && p.summary.ConsumerCount != nil:
		return "no registered consumers read it" + others
	case err != nil && n == 0:
		return "registered consumers are not known: " + awserror.Text(err) + others
	case err != nil:
		names = []string{"whose names take kinesis:ListStreamConsumers, which a run does not need"}
	default:
		n = int32(min(len(names), 1<<30))
	}
	return fmt.Sprintf("%s with their own 2 MB/s a shard, billed by consumer-shard hour and GB (%s)%s",
		count(int64(n), "registered consumer"), strings.Join(names, ", "), others)
}

// putCosts is about a stream that is written to. The units are those of the service's page of prices.
func putCosts(s streamRow) []string {
	if s.Mode == string(types.StreamModeOnDemand) {
		return []string{"on demand: each GB that is written is billed, each record rounded up to 1 KB (SINK_AGGREGATE packs small ones), " +
			"and the stream by the hour"}
	}
	return []string{
		"provisioned: a record takes a PUT payload unit for each 25 KB begun (SINK_AGGREGATE packs small ones into few)",
		fmt.Sprintf("%s by the hour, for up to %d MB and %d records a second in all", count(int64(s.Shards), "shard"), s.Shards, 1000*s.Shards),
	}
}

func writeCosts(w io.Writer, list []cost) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintln(w, "\nWhat it costs")
	for _, c := range list {
		fmt.Fprintln(w, "  "+c.Stream)
		for _, line := range c.Lines {
			fmt.Fprintln(w, "    "+strings.ReplaceAll(filled(line, helpWidth-4), "\n", "\n      "))
		}
	}
}
