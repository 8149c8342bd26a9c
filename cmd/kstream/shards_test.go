package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/google/go-cmp/cmp"
)

func TestTreeOfShards(t *testing.T) {
	row := func(shard string, start, share float64, parents ...string) shardRow {
		return shardRow{Shard: shard, State: "open", Parents: parents, start: start, Share: share}
	}
	for _, c := range []struct {
		name string
		rows []shardRow
		want []string
	}{
		{"grandchildren", []shardRow{row("0", 0, .5), row("1", .5, .5), row("2", 0, .25, "0"), row("3", .25, .25, "0"), row("4", 0, .25, "2")},
			[]string{"0", "├─ 2", "│  └─ 4", "└─ 3", "1"}},
		{"a merge", []shardRow{row("0", 0, .5), row("1", .5, .5), row("2", 0, 1, "0", "1")}, []string{"0", "└─ 2", "and of 1", "1"}},
		{"a merge whose first parent is gone", []shardRow{row("1", .5, .5), row("2", 0, 1, "0", "1")}, []string{"1", "└─ 2", "and of 0"}},
		{"a parent that is gone", []shardRow{row("2", 0, 1, "0", "1")}, []string{"2", "of 0 and 1, no longer listed"}},
		{"a shard that says it is its own parent", []shardRow{row("0", 0, 1, "0")}, []string{"0", "of 0, no longer listed"}},
	} {
		var got []string
		for _, l := range treeOf(c.rows) {
			got = append(got, l.branch+l.Shard)
			if l.note != "" {
				got = append(got, l.note)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: want (-) and got (+):\n%s", c.name, diff)
		}
	}
}

func TestBar(t *testing.T) {
	for _, c := range []struct {
		start, share float64
		want         string
	}{
		{0, 1, strings.Repeat("█", 32)},
		{.5, .5, strings.Repeat("·", 16) + strings.Repeat("█", 16)},
		{.25, .125, strings.Repeat("·", 8) + "████" + strings.Repeat("·", 20)},
		{0, 1e-9, "█" + strings.Repeat("·", 31)},
		{1 - 1e-9, 1e-9, strings.Repeat("·", 31) + "█"},
	} {
		if got := bar(c.start, c.share); got != c.want {
			t.Errorf("bar(%v, %v) = %s, want %s", c.start, c.share, got, c.want)
		}
	}
}

// What a server makes up is said, and never drawn.
func TestBrokenHashRanges(t *testing.T) {
	for _, r := range []*types.HashKeyRange{
		nil,
		{},
		{StartingHashKey: aws.String("x"), EndingHashKey: aws.String("5")},
		{StartingHashKey: aws.String("5"), EndingHashKey: aws.String("3")},
		{StartingHashKey: aws.String("-5"), EndingHashKey: aws.String("3")},
		{StartingHashKey: aws.String("0"), EndingHashKey: aws.String("340282366920938463463374607431768211456")},
	} {
		if row, err := shardRowOf("logs", &types.Shard{ShardId: aws.String("a"), HashKeyRange: r}); err == nil {
			t.Errorf("%v: got %v, want an error", r, row)
		}
	}
	whole := &types.Shard{ShardId: aws.String("a"), HashKeyRange: &types.HashKeyRange{
		StartingHashKey: aws.String("0"), EndingHashKey: aws.String("340282366920938463463374607431768211455")}}
	row, err := shardRowOf("logs", whole)
	if err != nil || row.Share != 1 {
		t.Errorf("got a share of %v, %v; want all", row.Share, err)
	}
	var out bytes.Buffer
	must(t, treeOf([]shardRow{row}).write(&out, false))
	if !strings.Contains(out.String(), "100 %") {
		t.Errorf("%s: want 100 %%", &out)
	}
}
