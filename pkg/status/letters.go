package status

import (
	"net/http"
	"slices"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/kstream/kstream/pkg/record"
)

const (
	// keptLetters is how many dead letters can be looked at.
	keptLetters = 50
	// maxShown is how many bytes of a payload, a key or an error are kept of one.
	maxShown = 4 << 10
)

// DeadLetter is a record that could not be handled. One that was made of many has no stream and no position.
type DeadLetter struct {
	At          time.Time  `json:"at"` // when it was refused
	Stage       string     `json:"stage"`
	Error       string     `json:"error"`
	Stream      string     `json:"stream,omitempty"`
	Shard       string     `json:"shard,omitempty"`
	Sequence    string     `json:"sequence,omitempty"`
	Subsequence uint32     `json:"subsequence"`
	WindowStart *time.Time `json:"window_start,omitempty"` // of a record or result of a window
	WindowEnd   *time.Time `json:"window_end,omitempty"`
	Size        int        `json:"size"` // of the payload, in bytes
	// Key is the partition key, and Payload the first 4 KiB of what was read. Both are nil unless payloads are shown.
	Key     *string `json:"partition_key,omitempty"`
	Payload *string `json:"payload,omitempty"`
	// Binary is true where the payload is not text: what is no UTF-8 in it is replaced.
	Binary bool `json:"binary,omitempty"`
}

// Letters keeps the last dead letters for people to look at. It may be used from many goroutines.
type Letters struct {
	// Payloads is whether payloads and keys are kept and shown. It is set before the first use.
	Payloads bool

	mu    sync.Mutex
	kept  ring[DeadLetter] // guarded by mu
	noted uint64           // how many there have been; guarded by mu
}

// Note wraps the encoder of a dead-letter output, so that what it is given is kept too. Nothing of the record is held on to.
func (l *Letters) Note(encode func([]byte, *record.Partition, *record.Rejected) []byte) func([]byte, *record.Partition, *record.Rejected) []byte {
	if encode == nil {
		return nil // dead letters are discarded
	}
	return func(dst []byte, p *record.Partition, r *record.Rejected) []byte {
		l.add(l.letter(p, r))
		return encode(dst, p, r)
	}
}

func (l *Letters) letter(p *record.Partition, r *record.Rejected) DeadLetter {
	d := DeadLetter{
		At: time.Now().UTC(), Stage: r.Stage, Error: shown([]byte(r.Err.Error())), Stream: p.Stream, Shard: p.Shard,
		Sequence: string(r.Record.Sequence), Subsequence: r.Record.Subsequence, Size: len(r.Record.Data),
	}
	if r.Start != r.End {
		start, end := r.Start.Time().UTC(), r.End.Time().UTC()
		d.WindowStart, d.WindowEnd = &start, &end
	}
	if l.Payloads {
		key, payload := shown(r.Record.Key), shown(r.Record.Data)
		d.Key, d.Payload, d.Binary = &key, &payload, !utf8.Valid(r.Record.Data)
	}
	return d
}

// shown returns a copy of the first maxShown bytes of b, without half a character at their end.
func shown(b []byte) string {
	if len(b) <= maxShown {
		return string(b)
	}
	end := maxShown
	for end > maxShown-utf8.UTFMax && !utf8.RuneStart(b[end]) {
		end--
	}
	return string(b[:end])
}

func (l *Letters) add(d DeadLetter) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.noted++; l.noted == 1 {
		l.kept = newRing[DeadLetter](keptLetters)
	}
	l.kept.add(d)
}

// count returns how many there have been.
func (l *Letters) count() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.noted
}

// last returns those that are kept, the youngest first.
func (l *Letters) last() []DeadLetter {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := l.kept.all()
	slices.Reverse(list)
	return list
}

// DeadLetters is what /api/dead-letters answers.
type DeadLetters struct {
	// Payloads is whether payloads are shown: KSTREAM_HTTP_PAYLOADS.
	Payloads bool         `json:"payloads"`
	Last     []DeadLetter `json:"last"` // at most 50, the youngest first
}

func (s *Server) deadLetters(w http.ResponseWriter, r *http.Request) {
	s.json(w, r, DeadLetters{s.conf.Letters.Payloads, s.conf.Letters.last()})
}
