package registry

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kstream/kstream/pkg/format/packed"
)

// What a ResolverConfig's zeros mean, and how far the others go.
const (
	DefaultTimeout  = 10 * time.Second // Confluent's own clients wait for a minute; what is tried again needs less
	DefaultForget   = time.Minute
	DefaultPatience = time.Minute // as with a stream that may not be read
	DefaultMaxKnown = 10_000
	firstWait       = 250 * time.Millisecond
	longestWait     = 30 * time.Second
)

// ResolverConfig is how a Resolver asks. The zero value is one to use.
type ResolverConfig struct {
	// Timeout is how long one question may take; 0 is DefaultTimeout.
	Timeout time.Duration
	// Patience is how long a registry that is ErrUnusable is asked before it has ever answered; 0 is DefaultPatience. One
	// that has answered is asked until it does again: its outage may look like that.
	Patience time.Duration
	// Forget is how long "no such schema" holds until it is asked for again; 0 is DefaultForget.
	Forget time.Duration
	// MaxKnown is how many schemas are kept, those that do not exist included; 0 is DefaultMaxKnown.
	MaxKnown int
	// MaxUnpacked is how many bytes a zlib body may unpack to; 0 is packed.DefaultMaxBytes.
	MaxUnpacked int
	// Waiting, if it is not nil, is told of each question that had no answer, and when the next is asked. It must not
	// block, and may be called by several goroutines.
	Waiting func(Outage)
}

// Outage is a question to a registry that had no answer.
type Outage struct {
	ID   ID
	Err  error
	For  time.Duration // since it was first asked
	Next time.Duration // until it is asked again
}

// Resolver knows what payloads' headers name: an S, which is what a decoder makes of a schema, an *avro.Schema for one. It
// is shared by goroutines.
type Resolver[S any] struct {
	source  Source
	compile func(*Schema) (S, error)
	cfg     ResolverConfig

	answered atomic.Bool // what is asked is a registry, and lets us

	mu    sync.RWMutex
	known map[ID]entry[S]      // guarded by mu
	calls map[ID]chan struct{} // by what is being asked, closed at its end; guarded by mu
}

// entry is an answer, and until when it holds: the zero time is for ever.
type entry[S any] struct {
	schema S
	err    error
	until  time.Time
}

// NewResolver returns a Resolver that asks source, and has compile make an S of each schema, once. An error of compile is
// that of the records which name the schema.
func NewResolver[S any](cfg ResolverConfig, source Source, compile func(*Schema) (S, error)) *Resolver[S] {
	if cfg.Timeout == 0 {
		cfg.Timeout = DefaultTimeout
	}
	if cfg.Patience == 0 {
		cfg.Patience = DefaultPatience
	}
	if cfg.Forget == 0 {
		cfg.Forget = DefaultForget
	}
	if cfg.MaxKnown == 0 {
		cfg.MaxKnown = DefaultMaxKnown
	}
	return &Resolver[S]{
		source: source, compile: compile, cfg: cfg, known: make(map[ID]entry[S]), calls: make(map[ID]chan struct{}),
	}
}

// ErrNotFetched is what Open says of a schema that nobody has fetched, or that others have crowded out since: Fetch it and
// open again.
var ErrNotFetched = errors.New("the schema has not been asked for yet")

// Missing returns the schema that payload names, if it has to be fetched first. It never blocks. A payload that names none
// is nothing to wait for: Open says what is wrong.
func (r *Resolver[S]) Missing(payload []byte) (id ID, missing bool) {
	h, err := ReadHeader(payload)
	if err != nil || h.ID.Kind != r.source.Kind() {
		return id, false
	}
	e, ok := r.lookUp(h.ID)
	return h.ID, !ok || !e.until.IsZero() && !time.Now().Before(e.until)
}

func (r *Resolver[S]) lookUp(id ID) (entry[S], bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	e, ok := r.known[id]
	return e, ok
}

// Open returns what the payload's header names, and the payload behind the header: a part of it, or bytes of its own where
// it was compressed. It never waits. An error is the record's, but for ErrNotFetched.
func (r *Resolver[S]) Open(payload []byte) (schema S, body []byte, err error) {
	h, err := ReadHeader(payload)
	if err != nil {
		return schema, nil, err
	}
	if h.ID.Kind != r.source.Kind() {
		return schema, nil, fmt.Errorf("the payload has a header of the %s schema registry, and the one in use is %s's", h.ID.Kind, r.source.Kind())
	}
	if schema, err = r.Schema(h.ID); err != nil {
		return schema, nil, err
	}
	if body = payload[h.Len:]; h.Zlib {
		if body, err = (packed.Unpacker{MaxBytes: r.cfg.MaxUnpacked}).As(packed.Zlib, nil, body); err != nil {
			return schema, nil, fmt.Errorf("unpacking the payload behind its Glue header: %w", err)
		}
	}
	return schema, body, nil
}

// Schema returns what id names, for those who know it without a payload, as a writer does. It never waits. An error is the
// registry's or compile's, or ErrNotFetched.
func (r *Resolver[S]) Schema(id ID) (schema S, err error) {
	e, ok := r.lookUp(id)
	if !ok {
		return schema, fmt.Errorf("looking up schema %s: %w", id, ErrNotFetched)
	}
	return e.schema, e.err
}
