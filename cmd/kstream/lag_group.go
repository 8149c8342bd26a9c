package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"

	"github.com/kstream/kstream/internal/awsclient"
	"github.com/kstream/kstream/internal/config"
	"github.com/kstream/kstream/pkg/awserror"
	"github.com/kstream/kstream/pkg/lease/kcl"
)

// groupLag looks at the lease table of a group of workers, again and again, and asks the streams how far behind each lease is.
type groupLag struct {
	table  string
	stream string // that leases are of which don't say; "": that is not known
	source config.Source
	db     *dynamodb.Client
	region string
	// clients are those of streams, by what they are called.
	clients map[string]*kinesis.Client
	still   map[string]stillness // by lease
	notes   io.Writer
	said    map[string]bool
}

// stillness is since when a lease's counter has had its value, as far as we saw.
type stillness struct {
	counter int64
	since   time.Time
}

// newGroupLag connects to DynamoDB, in the region of the stream where that is an ARN.
func newGroupLag(ctx context.Context, table, stream string, source config.Source, notes io.Writer) (*groupLag, error) {
	cfg, err := awsclient.Load(ctx, clientConfig(source, stream))
	if err != nil {
		return nil, err
	}
	return &groupLag{
		table: table, stream: stream, source: source, db: dynamodb.NewFromConfig(cfg), region: cfg.Region,
		clients: map[string]*kinesis.Client{}, still: map[string]stillness{}, notes: notes, said: map[string]bool{},
	}, nil
}

// interval is the time between two looks: each makes one call for a shard, of which READ_SHARE leaves us so many a second.
func (g *groupLag) interval() time.Duration {
	const callsPerSecond = 5 // of GetRecords for one shard, by the service's limits
	return max(watchInterval, time.Duration(float64(time.Second)/(callsPerSecond*g.source.ReadShare)))
}

// look reads the table, and asks for each shard's place in its stream.
func (g *groupLag) look(ctx context.Context) (*lag, error) {
	t, err := kcl.Read(ctx, g.db, g.table)
	if err != nil {
		return nil, g.explain(ctx, err)
	}
	for _, fault := range t.Faults {
		g.say(fmt.Sprintf("a row of %s is left out: %v", g.table, fault))
	}
	l := &lag{at: time.Now()}
	workers := map[string]bool{}
	byStream := map[kcl.Stream][]leaseRow{}
	for i := range t.Leases {
		lease := &t.Leases[i]
		if lease.Owner != "" {
			workers[lease.Owner] = true
		}
		byStream[lease.Stream] = append(byStream[lease.Stream], leaseRow{lease, g.row(l.at, t, lease)})
	}
	l.head = fmt.Sprintf("lease table %s: %s, %s", g.table, count(int64(len(t.Leases)), "lease"), count(int64(len(workers)), "worker"))
	for stream, rows := range byStream {
		l.rows = append(l.rows, g.placed(ctx, l.at, stream, rows)...)
	}
	l.sort()
	return l, nil
}

// placed completes the rows of one stream by what the stream says of them.
func (g *groupLag) placed(ctx context.Context, now time.Time, of kcl.Stream, rows []leaseRow) (done []lagRow) {
	name := cmp.Or(of.Name, g.stream)
	if name == "" {
		g.say(fmt.Sprintf("%s does not say which stream its leases are of: `kstream lag STREAM --group %s` asks the stream how far behind they are", g.table, g.table))
	} else {
		var err error
		if done, err = g.ask(ctx, now, name, of.Created, rows); err != nil {
			g.say(fmt.Sprintf("how far behind some leases of %s are isn't known: %s", name, awserror.Text(err)))
		}
	}
	for i := range rows {
		done = append(done, rows[i].row)
	}
	for i := range done {
		done[i].Stream = name[strings.LastIndexByte(name, '/')+1:]
	}
	return done
}

// explain says which table may have been meant, where there is none of that name.
func (g *groupLag) explain(ctx context.Context, err error) error {
	if !errors.Is(err, kcl.ErrNoTable) {
		return err
	}
	names, listErr := kcl.Names(ctx, g.db)
	if listErr != nil {
		return fmt.Errorf("there is no DynamoDB table %q in %s; which ones there are can't be told: %w", g.table, g.region, listErr)
	}
	return errors.New(notThere("DynamoDB table", g.table, "in "+g.region, "a lease table has the name of its KCL application", names))
}

// say says a thing once, however often it is met.
func (g *groupLag) say(text string) {
	if !g.said[text] {
		g.said[text] = true
		fmt.Fprintln(g.notes, "kstream: "+text)
	}
}
