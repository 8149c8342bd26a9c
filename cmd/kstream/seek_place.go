package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/kstream/kstream/internal/config"
	"github.com/kstream/kstream/pkg/checkpoint"
	"github.com/kstream/kstream/pkg/operator/nearest"
	"github.com/kstream/kstream/pkg/record"
)

// placeForm is SHARD:SEQUENCE or STREAM/SHARD:SEQUENCE. Nothing that is a time looks so.
var placeForm = regexp.MustCompile(`^(?:[a-zA-Z0-9_.-]+/)?(shardId-[0-9]+):([0-9]+)$`)

// placeIn finds the partition that text names a place in; ok is false where it names none.
func placeIn(c *checkpoint.Checkpoint, text string) (s record.State, at record.Sequence, ok bool, err error) {
	m := placeForm.FindStringSubmatch(text)
	if m == nil {
		if strings.Contains(text, "shardId-") {
			err = fmt.Errorf("%q is no place in a shard: shardId-000000000000:SEQUENCE, the sequence number in digits", text)
		}
		return s, "", false, err
	}
	takeApart(c)
	name, _, _ := strings.Cut(text, ":")
	var found []record.State
	var names []string
	for _, id := range sortedIDs(c) {
		s := c.Partitions[id]
		names = append(names, s.Partition.String())
		if s.Partition.Shard == name || s.Partition.String() == name {
			found = append(found, s)
		}
	}
	switch len(found) {
	case 1:
		return found[0], record.Sequence(cmp.Or(strings.TrimLeft(m[2], "0"), "0")), true, nil
	case 0:
		const shown = 5
		if len(names) > shown {
			names = append(names[:shown], "…")
		}
		return s, "", false, fmt.Errorf("the checkpoint knows no shard %s; it knows %s", name, cmp.Or(strings.Join(names, ", "), "none: the next run lists them"))
	}
	return s, "", false, fmt.Errorf("%s is a shard of several streams: write it as %s:SEQUENCE", name, found[0].Partition.String())
}

// moveTo moves c's positions to where text says.
func moveTo(c *checkpoint.Checkpoint, text string) ([]move, error) {
	s, at, ok, err := placeIn(c, text)
	if err != nil {
		return nil, err
	}
	if ok {
		return moveShard(c, s, at), nil
	}
	position := record.Position{Where: record.Oldest}
	if text != "oldest" {
		if position, err = momentOf(text, time.Now()); err != nil {
			return nil, err
		}
		for _, s := range c.Partitions {
			if !strings.HasPrefix(s.Partition.Shard, "shardId-") {
				return nil, fmt.Errorf("%s has no times to look up: it can be read from the oldest only", &s.Partition)
			}
		}
	}
	var moves []move
	for _, id := range sortedIDs(c) {
		s := c.Partitions[id]
		moves = append(moves, move{s.Partition.String(), positionText(&s), position.String()})
	}
	if len(moves) == 0 {
		moves = []move{{"every shard", c.From.String(), position.String()}}
	} else {
		c.Moved = nil
	}
	for _, id := range sortedIDs(c) {
		c.Moved = append(c.Moved, c.Partitions[id].Partition)
	}
	c.Partitions, c.From = nil, position
	return moves, nil
}

// takeApart gives each shard its own position again where all have been moved to one: those with parents among them begin
// behind these.
func takeApart(c *checkpoint.Checkpoint) {
	if len(c.Partitions) > 0 || len(c.Moved) == 0 {
		return
	}
	c.Partitions = map[record.PartitionID]record.State{}
	for _, p := range c.Moved {
		c.Partitions[p.ID] = record.State{Partition: p, Begun: true, Position: c.From, Event: record.StartOfTime}
	}
	for id, s := range c.Partitions {
		if slices.ContainsFunc(s.Partition.Parents, func(p record.PartitionID) bool { _, ok := c.Partitions[p]; return ok }) {
			s.Begun, s.Position = false, s.Partition.Start
			c.Partitions[id] = s
		}
	}
	c.Moved = nil
}

// momentOf reads a time or an age. Now is this machine's: an age of minutes does not ask for the service's clock.
func momentOf(text string, now time.Time) (record.Position, error) {
	moment, err := config.ParseMoment(text)
	if err != nil {
		if near := nearest.Of(text, []string{"oldest"}); near != "" {
			return record.Position{}, fmt.Errorf("%q is no place; did you mean %s?", text, near)
		}
		return record.Position{}, fmt.Errorf("%w; or oldest, or shardId-000000000000:SEQUENCE", err)
	}
	at := moment.Time
	if at.IsZero() {
		at = now.Add(-moment.Ago)
	}
	if at.After(now) {
		return record.Position{}, fmt.Errorf("%s is yet to come: nothing can be read from there", at.UTC().Format(time.RFC3339))
	}
	return record.Position{Where: record.AtTime, Time: record.MillisOf(at)}, nil
}

// moveShard moves one shard. What came of it has to wait for it anew, and begins at its own start.
func moveShard(c *checkpoint.Checkpoint, s record.State, at record.Sequence) (moves []move) {
	set := func(was, is record.State) {
		is.Event, is.HandledTo, is.Children, is.Skip = record.StartOfTime, 0, nil, was.Skip
		c.Partitions[is.Partition.ID] = is
		moves = append(moves, move{is.Partition.String(), positionText(&was), positionText(&is)})
	}
	set(s, record.State{Partition: s.Partition, Begun: true, Position: record.Position{Where: record.At, Sequence: at}})
	again := map[record.PartitionID]bool{s.Partition.ID: true}
	for grown := true; grown; {
		grown = false
		for _, id := range sortedIDs(c) {
			child := c.Partitions[id]
			if !again[id] && slices.ContainsFunc(child.Partition.Parents, func(p record.PartitionID) bool { return again[p] }) {
				again[id], grown = true, true
				set(child, record.State{Partition: child.Partition, Position: child.Partition.Start})
			}
		}
	}
	return moves
}

// passBy notes the record that text names.
func passBy(c *checkpoint.Checkpoint, text string) ([]move, error) {
	s, at, ok, err := placeIn(c, text)
	switch {
	case err != nil:
		return nil, err
	case !ok:
		return nil, fmt.Errorf("%q is no record: shardId-000000000000:SEQUENCE names one, as `kstream state ls` and the log do", text)
	case s.Position.Where == record.Ended:
		return nil, fmt.Errorf("%s has been read to its end: there is nothing left to pass by", &s.Partition)
	case s.Position.Where == record.After && at.Compare(s.Position.Sequence) < 0,
		s.Position.Where == record.At && at.Compare(s.Position.Sequence) < 0:
		return nil, fmt.Errorf("%s of %s has been handled: the next run goes on %s", at, &s.Partition, s.Position)
	case slices.Contains(s.Skip, at):
		return nil, errors.New("that record is to be passed by already")
	}
	before := positionText(&s)
	s.Skip = append(slices.Clone(s.Skip), at)
	c.Partitions[s.Partition.ID] = s
	return []move{{s.Partition.String(), before, positionText(&s)}}, nil
}

// positionText is a partition's position in words.
func positionText(s *record.State) string {
	text := s.Position.String()
	if !s.Begun {
		text = "waits for its parents"
	}
	for _, sequence := range s.Skip {
		text += ", passes " + string(sequence) + " by"
	}
	return text
}

func sortedIDs(c *checkpoint.Checkpoint) []record.PartitionID {
	return slices.Sorted(maps.Keys(c.Partitions))
}
