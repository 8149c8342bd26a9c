package operator

import (
	"os"
	"sync/atomic"
	"time"

	"github.com/kstream/kstream/pkg/format/registry"
	"github.com/kstream/kstream/pkg/operator/expression"
	"github.com/kstream/kstream/pkg/record"
)

// Config is what a plan is made of.
type Config struct {
	// Chain is the text that KSTREAM_OPERATORS holds. Empty: records go out as they came.
	Chain string
	// Name is what faults call the text: "KSTREAM_OPERATORS", which it is where empty, or a file's name.
	Name string
	// Extra are whole stages that flags add to the chain's end, ahead of an encode that stands there: "filter x > 1".
	Extra []string
	// Key is the expression that gives the partition key to write with, over the fields at the chain's end; empty: the
	// record's own key.
	Key string
	// KeyName is what faults call Key: "KSTREAM_SINK_PARTITION_KEY", which it is where empty, or a flag.
	KeyName string
	// Registry opens the schema registry that a chain names: confluent or glue. Its error says what has to be set for that. It
	// may be nil: then a chain that names one is wrong.
	Registry func(name string) (registry.Source, error)
	// Notice is told what a user wants to know once, such as a field that no record has. It may be nil, is called from
	// any lane, and does not block.
	Notice func(msg string)
	// Traced has every stage show what it sees and makes, as Named.Sight. Whole records are read for that, which is slow.
	Traced bool
	// Env returns what the environment has by a name, "" for nothing; nil: the process' own. Compile calls it.
	Env func(name string) string
}

// Plan is a checked chain: what all lanes and tasks share. Its methods may be called from many goroutines.
type Plan struct {
	slots    int
	steps    []step
	written  []Written
	encode   func() record.Encoder
	key      func() record.Encoder
	throttle float64
	limits   []*limit
	watchers []*watcher
	changes  bool
	// container is what the output is made into as a whole: "parquet", or nothing.
	container string
	shows     map[uint16]show // by table
	waiting   atomic.Int64    // stages that wait for something outside
	parts     []part
	stateful  []string
	keyed     bool
	disorder  time.Duration
	// defaultKey gives the key of key_by at the chain's end as text; nil without.
	defaultKey func() record.Encoder
}

// Compile checks the whole chain and plans it. The error is a *Faults with all that is wrong.
func Compile(cfg Config) (*Plan, error) {
	b := &builder{plan: &Plan{parts: make([]part, 1)}, faults: &Faults{}, notice: cfg.Notice, registry: cfg.Registry}
	if b.notice == nil {
		b.notice = func(string) {}
	}
	if b.env = cfg.Env; b.env == nil {
		b.env = os.Getenv
	}
	b.fields = newScope(b)
	if cfg.Traced {
		b.sights = &sights{looks: map[string][]*expression.Program{}, keys: map[string]*keyWriter{}}
	}
	for i, s := range b.read(&cfg) {
		c, from := newClause(i+1, s), len(b.plan.steps)
		b.stage(c)
		b.write(c, from)
	}
	b.finish(cfg.Key, cfg.KeyName)
	if b.sights != nil {
		b.sights.give(b.plan.steps)
	}
	if len(*b.faults) > 0 {
		return nil, b.faults.sorted()
	}
	return b.plan, nil
}

// Slots returns how many fields a batch's rows need: the argument of record.NewBatch.
func (p *Plan) Slots() int { return p.slots }

// Throttle returns how many records a second may enter over all lanes, 0 for as many as come. Whoever reads takes the
// tokens: the chain itself never waits.
func (p *Plan) Throttle() float64 { return p.throttle }

// Changes reports whether payloads may go out different from how they came in.
func (p *Plan) Changes() bool { return p.changes }

// Container returns the format that whole files are made in of what goes out, "parquet", where the chain says so: payloads
// are JSON objects then, each without a line end in it. It is empty where payloads are records by themselves.
func (p *Plan) Container() string { return p.container }

// Stateful returns what a checkpoint's state belongs to, in canonical form and in order: timestamp, key_by and the stages
// that keep keyed state. It is empty where no stage keeps any.
func (p *Plan) Stateful() []string { return p.stateful }

// KeyedState reports whether a stage keeps state by key.
func (p *Plan) KeyedState() bool { return p.keyed }

// Parts returns into how many parts exchanges cut the chain: 1 where there is none.
func (p *Plan) Parts() int { return len(p.parts) }

// Waiting reports whether a stage waits for something outside that does not answer: a schema registry.
func (p *Plan) Waiting() bool { return p.waiting.Load() > 0 }

// Describe returns the stages in their parsed form, a line each, those included that the plan has added.
func (p *Plan) Describe() []string {
	var lines []string
	for _, s := range p.steps {
		if s.text != "" {
			lines = append(lines, s.text)
		}
	}
	return lines
}

// Labels returns the labels of the stages that Describe tells of, in the same order.
func (p *Plan) Labels() []string {
	var labels []string
	for _, s := range p.steps {
		if s.text != "" {
			labels = append(labels, s.label)
		}
	}
	return labels
}

// SumUp tells Notice what would have been told after the first 1,000 records, where fewer were all there are: at the end of
// a bounded run.
func (p *Plan) SumUp() {
	for _, w := range p.watchers {
		w.sumUp()
	}
}
