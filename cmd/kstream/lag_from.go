package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/spf13/cobra"

	"github.com/kstream/kstream/internal/awsclient"
	"github.com/kstream/kstream/internal/config"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/status"
)

// lagPatience is how long one question may take: to a kstream, or to the service.
const lagPatience = 5 * time.Second

// askStatus asks the kstream at addr how it is, with what its history has behind since, in Unix milliseconds.
func askStatus(ctx context.Context, addr string, since int64) (*status.Report, error) {
	ctx, cancel := context.WithTimeout(ctx, lagPatience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("http://%s/api/status?since=%d", addr, since), nil)
	if err != nil {
		return nil, wrong(fmt.Errorf("--addr: %q is no host:port", addr))
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, unanswered(addr, err)
	}
	defer resp.Body.Close()
	var report status.Report
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("asking %s: it answers %s: it is no kstream, or an older one", addr, resp.Status)
	}
	if err := json.NewDecoder(resp.Body).Decode(&report); err != nil {
		return nil, fmt.Errorf("asking %s: what it answers is no status of a kstream: %w", addr, err)
	}
	return &report, nil
}

// unanswered words that err came of a question to addr, and no answer.
func unanswered(addr string, err error) error {
	const hint = "is a kstream running there, and is its KSTREAM_HTTP_ADDR that?"
	var asked *url.Error
	if errors.Is(err, syscall.ECONNREFUSED) {
		return fmt.Errorf("nothing listens at %s (%s)", addr, hint)
	} else if errors.As(err, &asked) {
		err = asked.Err // where it asked is said anyway
	}
	return fmt.Errorf("asking %s: %w (%s)", addr, err, hint)
}

// lagOfRun asks the kstream at addr.
func lagOfRun(ctx context.Context, addr string) (*lag, error) {
	report, err := askStatus(ctx, addr, time.Now().UnixMilli()) // without its history
	if err != nil {
		return nil, fmt.Errorf("%w; --state-dir looks at one that does not run", err)
	}
	l := &lag{at: report.Now, checkpointed: report.Checkpointed}
	l.sayCheckpoint()
	for i := range report.Partitions {
		p := &report.Partitions[i]
		l.add(lagRow{Stream: p.Stream, Shard: p.Shard, State: lagReads, Parents: p.Parents, Owner: report.Host,
			Records: &p.Records, Bytes: &p.Bytes, PerSecond: &p.PerSecond.Bytes},
			p.Position, p.HandledTo, time.Duration(p.Retention*float64(time.Second)))
	}
	return l, nil
}

// lagOfFolder looks at the checkpoint in the folder that --state-dir names, and asks the service how long records are kept.
func lagOfFolder(ctx context.Context, c *cobra.Command, t *terminal, source config.Source) (*lag, error) {
	l := &lag{at: time.Now()}
	err := useState(c, t, toRead, func(k *kept) error {
		if at := k.disk.Written(); !at.IsZero() {
			l.checkpointed = &at
		}
		l.sayCheckpoint()
		retention := retentions(ctx, t, source)
		for _, id := range sortedIDs(k.last) {
			s := k.last.Partitions[id]
			row := lagRow{Stream: s.Partition.Stream, Shard: s.Partition.Shard, State: lagReads, Parents: s.Partition.ParentShards()}
			switch {
			case s.Position.Where == record.Ended:
				row.State = lagEnded
			case !s.Begun:
				row.State = lagWaits
			}
			var handledTo *time.Time
			if s.HandledTo != 0 {
				at := s.HandledTo.Time()
				handledTo = &at
			}
			l.add(row, s.Position, handledTo, retention(id))
		}
		return nil
	})
	var held *inUseError
	if errors.As(err, &held) {
		return nil, fmt.Errorf("%s is in use by %s: `kstream lag --addr HOST:PORT` asks that run, at its KSTREAM_HTTP_ADDR", held.dir, held.holder)
	}
	return l, err
}

// retentions returns what tells how long a partition's records are kept, 0 where that can't be found out, which is said
// once for each stream.
func retentions(ctx context.Context, t *terminal, source config.Source) func(record.PartitionID) time.Duration {
	known := map[string]time.Duration{}
	return func(id record.PartitionID) time.Duration {
		arn, _, isShard := strings.Cut(string(id), "/shardId-")
		if !isShard {
			return 0 // files are kept for as long as they are there
		}
		keeps, asked := known[arn]
		if !asked {
			var err error
			if keeps, err = retentionOf(ctx, clientConfig(source, arn), arn); err != nil {
				fmt.Fprintf(t.err, "kstream: how long %s keeps its records isn't known: %v\n", arn, err)
			}
			known[arn] = keeps
		}
		return keeps
	}
}

func retentionOf(ctx context.Context, c awsclient.Config, arn string) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, lagPatience)
	defer cancel()
	client, err := awsclient.New(ctx, c)
	if err != nil {
		return 0, err
	}
	out, err := client.DescribeStreamSummary(ctx, &kinesis.DescribeStreamSummaryInput{StreamARN: aws.String(arn)})
	if err != nil {
		return 0, err
	}
	return time.Duration(aws.ToInt32(out.StreamDescriptionSummary.RetentionPeriodHours)) * time.Hour, nil
}
