package main

import (
	"context"
	"fmt"
	"regexp"
	"sync/atomic"

	"github.com/kstream/kstream/pkg/operator"
	"github.com/kstream/kstream/pkg/pipeline"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/state"
)

// view is what a person wants to see of what comes out of the chain: which records, how many, and how they look.
type view struct {
	encode        encoderOf
	grep, exclude []*regexp.Regexp // all of grep must match a payload, and none of exclude
	most          int64            // 0: no bound
}

// view reads --grep, --exclude and -n, and how records are printed.
func (o *consumeOptions) view(t *terminal) (*view, error) {
	encode, err := o.encoder(t)
	if err != nil {
		return nil, err
	}
	v := &view{encode: encode, most: o.count}
	if v.grep, err = patterns("--grep", o.grep); err != nil {
		return nil, err
	}
	v.exclude, err = patterns("--exclude", o.exclude)
	return v, err
}

func patterns(flag string, texts []string) ([]*regexp.Regexp, error) {
	var res []*regexp.Regexp
	for _, text := range texts {
		re, err := regexp.Compile(text)
		if err != nil {
			return nil, fmt.Errorf("%s %q is no regular expression: %w", flag, text, err)
		}
		res = append(res, re)
	}
	return res, nil
}

// shows reports whether a payload is to be seen.
func (v *view) shows(data []byte) bool {
	for _, re := range v.grep {
		if !re.Match(data) {
			return false
		}
	}
	for _, re := range v.exclude {
		if re.Match(data) {
			return false
		}
	}
	return true
}

// plan returns p with the view's stages behind its last part.
func (v *view) plan(p *operator.Plan) pipeline.Plan { return &viewedPlan{Plan: p, view: v} }

// viewedPlan is a plan that matches payloads as they go out, and then counts them. Counting comes last, so that -n is the
// number of records that are seen.
type viewedPlan struct {
	*operator.Plan
	view *view
	seen atomic.Int64
}

// Instance is the chain's, with the stages of the view at the end of the last part.
func (p *viewedPlan) Instance(part int, s *state.Store) (*operator.Chain, error) {
	c, err := p.Plan.Instance(part, s)
	if err != nil || c.Carry != nil {
		return c, err
	}
	if len(p.view.grep)+len(p.view.exclude) > 0 {
		c.Stages = append(c.Stages, operator.Named{Label: "grep", Stage: &grep{view: p.view, payload: c.Encode}})
	}
	if p.view.most > 0 {
		c.Stages = append(c.Stages, operator.Named{Label: "count", Stage: &counted{p}})
	}
	return c, nil
}

// Enough reports whether as many records have been seen as were asked for, or a limit of the chain has been reached.
func (p *viewedPlan) Enough() bool {
	return p.Plan.Enough() || p.view.most > 0 && p.seen.Load() >= p.view.most
}

// grep drops the records whose payloads are not to be seen.
type grep struct {
	view    *view
	payload record.Encoder
	data    []byte
}

// Process matches each payload as it would go out. One that can't be encoded stays, for the output to say so.
func (g *grep) Process(_ context.Context, b *record.Batch) error {
	kept := b.Records[:0]
	for i := range b.Records {
		var err error
		if g.data, err = g.payload(g.data[:0], b, &b.Records[i]); err != nil || g.view.shows(g.data) {
			kept = append(kept, b.Records[i])
		}
	}
	b.Records = kept
	return nil
}

// counted lets as many records pass as there is room for.
type counted struct{ plan *viewedPlan }

// Process takes the room for a batch at once.
func (c *counted) Process(_ context.Context, b *record.Batch) error {
	n, most := int64(len(b.Records)), c.plan.view.most
	over := max(0, c.plan.seen.Add(n)-most)
	b.Records = b.Records[:max(0, n-over)]
	return nil
}
