package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// measure is the whole of it: a server, a round that is checked and does not count, the rounds that do, the allocations,
// and the table on out. What it is at goes to errOut.
func measure(ctx context.Context, s *settings, _ io.Reader, out, errOut io.Writer) (err error) {
	kstream, err := filepath.Abs(s.kstream)
	if err != nil {
		return err
	}
	if _, err := os.Stat(kstream); err != nil {
		return fmt.Errorf("looking for kstream (make build makes it): %w", err)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "kstream-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	busy := observe()
	version, err := versionOf(ctx, kstream)
	if err != nil {
		return err
	}
	fmt.Fprintf(errOut, "filling a stream of %d shards with %d MB\n", s.shards, s.bytes/1e6)
	f, stop, err := startServer(ctx, self, s)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, protoFile), []byte(protoSource), 0o600); err != nil {
		return errors.Join(err, stop())
	}
	r, failed := rounds(ctx, &scene{self: self, kstream: kstream, filled: f, dir: dir}, s.rounds, errOut)
	if err := errors.Join(failed, stop()); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s\n%s\n%s", busy.report(version), load(f, s), table(r, f))
	return nil
}

// load says what all contenders read.
func load(f filled, s *settings) string {
	return fmt.Sprintf("%d JSON events of 15 fields and %d bytes in %d shards; medians of %d rounds, ratios within each. In Protobuf they have %d bytes.\n",
		f.Records, eventBytes, s.shards, s.rounds, f.Proto/int64(f.Records))
}

// result is what a contender took, round by round.
type result struct {
	*contender
	costs   []cost
	mallocs uint64 // from start to end
}

// rounds lets the contenders run in turns, so that what else the machine does hits all of them alike.
func rounds(ctx context.Context, s *scene, n int, errOut io.Writer) ([]*result, error) {
	k := &check{scene: s}
	var all []*result
	fmt.Fprintln(errOut, "warming up, and checking what is written")
	for _, c := range contenders {
		if _, err := once(ctx, s, c, k.look(ctx, c)); err != nil {
			return nil, fmt.Errorf("checking %s: %w", c.name, err)
		}
		all = append(all, &result{contender: c})
	}
	for i := range n {
		fmt.Fprintf(errOut, "round %d of %d\n", i+1, n)
		for _, r := range all {
			taken, err := once(ctx, s, r.contender, nil)
			if err != nil {
				return nil, fmt.Errorf("measuring %s: %w", r.name, err)
			}
			r.costs = append(r.costs, taken)
			r.mallocs = taken.mallocs
		}
	}
	fmt.Fprintln(errOut, "counting allocations")
	for _, r := range all {
		if r.command != "" {
			continue
		}
		var err error
		if r.mallocs, err = allocations(ctx, s, r.contender, k.want[r.as].Lines); err != nil {
			return nil, fmt.Errorf("counting allocations of %s: %w", r.name, err)
		}
	}
	return all, nil
}
