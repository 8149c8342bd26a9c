package operator

import (
	"fmt"

	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/state"
)

// part is what of a plan runs in one place: the first in lanes, each other one in tasks behind an exchange.
type part struct {
	carry  *record.Carry // nil in the last part
	letter func() record.Encoder
	place  func(b *record.Batch, d *record.Rejected)
}

// step is one stage of the plan, or one half of it.
type step struct {
	label string
	text  string // for people; "": the half of a stage that says it elsewhere
	part  int
	half  bool
	drops bool                              // records that come to it may end here, because of what they are
	ends  bool                              // it ends the run
	after scope                             // what is known of fields behind it
	stage func(in *instance) (Stage, error) // nil: nothing to do for a record
	sight *Sight                            // nil: the chain is not traced
}

// instance is what the stages of one chain share.
type instance struct {
	clock *Clock       // nil in tasks, and where nothing is keyed
	seen  *Clock       // clock, behind the stage that has it see the records; nil before
	store *state.Store // nil in lanes
}

// sees returns the clock for a stage that has it see the records.
func (in *instance) sees() *Clock {
	in.seen = in.clock
	return in.clock
}

// Instance returns a chain that runs a part of the plan: part 0 in a lane, where s is nil; each other in a task, whose tables
// are read from s, which blocks for I/O. The batches have rows of Slots fields. An error is that of reading s.
func (p *Plan) Instance(part int, s *state.Store) (*Chain, error) {
	here := &p.parts[part]
	c := &Chain{Carry: here.carry, place: here.place}
	in := &instance{store: s}
	if part == 0 && p.keyed {
		in.clock = p.clock()
		c.Clock = in.clock
	}
	for _, one := range p.steps {
		if one.part != part || one.stage == nil && one.sight == nil {
			continue
		}
		if one.stage == nil {
			one.stage = alone(func() Stage { return passing{} }) // it is to be seen, though a record has nothing to do with it
		}
		stage, err := one.stage(in)
		if err != nil {
			return nil, fmt.Errorf("opening stage %s: %w", one.label, err)
		}
		c.Stages = append(c.Stages, Named{Label: one.label, Stage: stage, Half: one.half, Sight: one.sight.open()})
	}
	if here.letter != nil {
		c.Letter = here.letter()
	}
	if part == len(p.parts)-1 {
		p.exit(c)
	}
	return c, nil
}

// exit gives the chain of the last part what encodes.
func (p *Plan) exit(c *Chain) {
	c.Encode = p.encode()
	if p.key != nil {
		c.Key = p.key()
	}
	if p.defaultKey != nil {
		c.DefaultKey = p.defaultKey()
	}
}

func (p *Plan) clock() *Clock { return &Clock{High: record.StartOfTime, Disorder: p.disorder} }
