package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.uber.org/zap"

	"github.com/kstream/kstream/pkg/checkpoint"
	"github.com/kstream/kstream/pkg/record"
)

// OtherChainError says that the saved state belongs to another chain.
type OtherChainError struct{ Saved, Chain []string }

func (e *OtherChainError) Error() string {
	return fmt.Sprintf("the saved state is that of another chain: its stages with state are [%s], this chain's are [%s]; give this one a new STATE_DIR, or drop the state and keep the positions with `kstream state drop`",
		strings.Join(e.Saved, " | "), strings.Join(e.Chain, " | "))
}

// start loads the last checkpoint, takes the source and the outputs back to it, or saves checkpoint 0.
func (r *Run) start(ctx context.Context) error {
	last, err := r.Store.Load(ctx)
	if err != nil {
		return err
	}
	if last != nil && !last.Dropped && !slices.Equal(last.Chain, r.Plan.Stateful()) {
		return &OtherChainError{last.Chain, r.Plan.Stateful()}
	}
	now, err := r.Source.Now(ctx)
	if err != nil {
		return fmt.Errorf("asking for the service's time: %w", err)
	}
	r.resolveUntil(last, now)
	from := r.From.resolve(now)
	var tokens map[string]record.Token
	moved := last != nil && len(last.Partitions) == 0 // by `kstream seek`, all of them
	if last != nil {
		if moved {
			from = last.From
		}
		tokens = last.Outputs
		r.Plan.Restore(last.Counts)
	}
	if err := r.restoreSource(ctx, from, last); err != nil {
		return err
	}
	for _, o := range r.outputs {
		if err := o.restore(ctx, tokens[o.name]); err != nil {
			return err
		}
	}
	r.sayStart(last, from, moved)
	if last != nil {
		r.adopt(last)
	} else if err := r.first(ctx, from); err != nil {
		return err
	}
	if r.Plan.Enough() {
		r.ask(r.enough)
	}
	return r.makeTasks()
}

// sayStart says where reading begins, and why. moved: the checkpoint holds one place for all partitions.
func (r *Run) sayStart(last *checkpoint.Checkpoint, from record.Position, moved bool) {
	partitions := zap.Int("partitions", len(r.partitions.entries))
	switch {
	case last == nil:
		r.Log.Info("beginning: there is no checkpoint", zap.Stringer("from", from), partitions)
	case moved:
		r.Log.Info("beginning where `kstream seek` put the checkpoint; FROM does not apply",
			zap.Stringer("from", from), zap.Uint64("epoch", uint64(last.Epoch)), partitions)
	default:
		r.Log.Info("going on from the checkpoint; FROM applies only to streams that it does not know",
			zap.Uint64("epoch", uint64(last.Epoch)), partitions, sought(last))
	}
}

// sought says where `kstream seek`, or FROM, put single partitions of which nothing has been read since.
func sought(last *checkpoint.Checkpoint) zap.Field {
	var places []string
	for _, s := range last.Partitions {
		if s.Position.Where == record.At {
			places = append(places, fmt.Sprintf("%s:%s", &s.Partition, s.Position.Sequence))
		}
	}
	if places == nil {
		return zap.Skip()
	}
	slices.Sort(places)
	return zap.Strings("sought", places)
}

// makeTasks makes the tasks behind each exchange, with their state and event time as the last checkpoint has them.
func (r *Run) makeTasks() error {
	parts := r.Plan.Parts()
	r.tasks = make([][]*task, parts)
	for part := parts - 1; part > 0; part-- { // each knows those that it sends to
		reached := r.watermark(strconv.Itoa(part))
		for at := range r.Parallelism {
			t, err := newTask(r, part, at, r.Parallelism, reached)
			if err != nil {
				return err
			}
			r.tasks[part] = append(r.tasks[part], t)
		}
	}
	return nil
}

// restoreSource takes the source back to last, nil at the first start, and asks what there is to read besides. That is
// known before the run begins: a bounded one that has nothing else to read would be over before it heard of it.
func (r *Run) restoreSource(ctx context.Context, from record.Position, last *checkpoint.Checkpoint) error {
	var known []record.State
	if last != nil {
		known = slices.Collect(maps.Values(last.Partitions))
	}
	kept, err := r.Source.Restore(ctx, from, slices.Clone(known))
	if err != nil {
		return fmt.Errorf("restoring the source: %w", err)
	}
	r.partitions = newPartitions(kept)
	r.parkOthers(known)
	appeared, err := r.Source.Partitions(ctx)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("listing partitions: %w", err)
	}
	for _, p := range appeared {
		r.partitions.add(p)
	}
	r.complete = errors.Is(err, io.EOF)
	return nil
}

// parkOthers keeps the positions in streams that are not read this time: a STREAM that was mistyped for one start must not
// cost those of the right one.
func (r *Run) parkOthers(known []record.State) {
	source, ok := r.Source.(record.Partial)
	if !ok {
		return
	}
	streams := map[string]bool{}
	for _, s := range known {
		if !source.Reads(s.Partition) {
			r.partitions.park(s)
			streams[s.Partition.Stream] = true
		}
	}
	for stream := range streams {
		r.Log.Info("the checkpoint also knows a stream that is not read this time; its positions are kept", zap.String("stream", stream))
	}
}

// resolveUntil sets the end of a bounded run: the saved one, if that run is not done and was given the same setting.
func (r *Run) resolveUntil(last *checkpoint.Checkpoint, now record.Millis) {
	switch {
	case r.Until == nil:
	case last != nil && last.Until != nil && last.Until.Setting == r.Until.Setting:
		r.until = last.Until
	default:
		r.until = &checkpoint.Until{Setting: r.Until.Setting, Time: r.Until.resolve(now)}
	}
}
