package kcl

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Table is what a lease table held when it was read.
type Table struct {
	Leases []Lease // by stream and shard
	// Seen is when each worker said last that it lives. Only 3.5 and later do, in the lease table itself.
	Seen map[string]time.Time
	// Faults are rows that could not be read.
	Faults []error
}

// client is what is called of DynamoDB.
type client interface {
	DescribeTable(context.Context, *dynamodb.DescribeTableInput, ...func(*dynamodb.Options)) (*dynamodb.DescribeTableOutput, error)
	Scan(context.Context, *dynamodb.ScanInput, ...func(*dynamodb.Options)) (*dynamodb.ScanOutput, error)
	ListTables(context.Context, *dynamodb.ListTablesInput, ...func(*dynamodb.Options)) (*dynamodb.ListTablesOutput, error)
}

// ErrNoTable is that there is no table of that name.
var ErrNoTable = errors.New("there is no such table")

// OtherTableError is that the table is not one of leases. Nothing of it is read: it may be large, and reading it costs.
type OtherTableError struct{ Table, Key string }

func (e *OtherTableError) Error() string {
	return fmt.Sprintf("DynamoDB table %q is no lease table: its key is %s, and that of the KCL's is leaseKey", e.Table, e.Key)
}

// Read reads the table of that name, row by row, once. It takes dynamodb:DescribeTable and dynamodb:Scan, and half a read
// unit for every 4 KB of the table. It fails with ErrNoTable, an *OtherTableError or the service's error.
func Read(ctx context.Context, c client, name string) (*Table, error) {
	if err := check(ctx, c, name); err != nil {
		return nil, err
	}
	t := &Table{Seen: map[string]time.Time{}}
	pages := dynamodb.NewScanPaginator(c, &dynamodb.ScanInput{TableName: aws.String(name)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("reading lease table %q: %w", name, err)
		}
		for _, row := range page.Items {
			t.add(row)
		}
	}
	slices.SortFunc(t.Leases, func(a, b Lease) int {
		return cmp.Or(cmp.Compare(a.Stream.Name, b.Stream.Name), cmp.Compare(a.Stream.Created, b.Stream.Created), cmp.Compare(a.Shard, b.Shard))
	})
	return t, nil
}

// check sees to it that the table is one of leases.
func check(ctx context.Context, c client, name string) error {
	out, err := c.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: aws.String(name)})
	var missing *types.ResourceNotFoundException
	switch {
	case errors.As(err, &missing):
		return fmt.Errorf("describing lease table %q: %w", name, ErrNoTable)
	case err != nil:
		return fmt.Errorf("describing lease table %q: %w", name, err)
	}
	key := ""
	for _, k := range out.Table.KeySchema {
		if key != "" {
			key += " and "
		}
		key += aws.ToString(k.AttributeName)
	}
	if key != "leaseKey" {
		return &OtherTableError{name, key}
	}
	return nil
}

// add takes a row for what it is. Rows of other kinds are 3.x's own.
func (t *Table) add(row item) {
	switch row.kind() {
	case "LEASE":
		l, err := row.lease()
		if err != nil {
			t.Faults = append(t.Faults, err)
			return
		}
		t.Leases = append(t.Leases, l)
	case "WORKER_METRIC_STATS":
		if seconds, err := row.whole("lut"); err == nil && seconds > 0 {
			t.Seen[row.text("leaseKey")] = time.Unix(seconds, 0)
		}
	}
}

// Names lists the tables that there are. It takes dynamodb:ListTables.
func Names(ctx context.Context, c client) (names []string, err error) {
	pages := dynamodb.NewListTablesPaginator(c, &dynamodb.ListTablesInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("listing tables: %w", err)
		}
		names = append(names, page.TableNames...)
	}
	return names, nil
}
