package kinesis

import (
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/kstream/kstream/pkg/awserror"
)

// troubleLog says what goes wrong again and again now and then: a network that is down fails the calls of 10,000 shards.
type troubleLog struct {
	log *zap.Logger

	mu    sync.Mutex
	lines map[troubleKey]*troubleLine // guarded by mu
}

type troubleKey struct {
	stream, operation string
	class             class
}

type troubleLine struct {
	said  time.Time
	since int // calls since it was said
}

const sayEvery = 30 * time.Second

func (t *troubleLog) say(stream, operation string, c class, err error) {
	key := troubleKey{stream, operation, c}
	t.mu.Lock()
	line := t.lines[key]
	if line == nil {
		if t.lines == nil {
			t.lines = map[troubleKey]*troubleLine{}
		}
		line = &troubleLine{}
		t.lines[key] = line
	}
	line.since++
	now := time.Now()
	due, failed := now.Sub(line.said) >= sayEvery, line.since
	if due {
		line.said, line.since = now, 0
	}
	t.mu.Unlock()
	if !due {
		return
	}
	t.log.Warn(troubleText[c], zap.String("stream", stream), zap.String("call", operation), zap.Int("failed", failed), zap.String("error", awserror.Text(err)))
}

var troubleText = map[class]string{
	throttled: "the service throttles, backing off",
	transient: "the service does not answer as it should, trying on",
	denied:    "not allowed, trying for a minute",
	gone:      "not found, trying for a minute",
	stale:     "an iterator is too old, making a new one",
	invalid:   "the service refuses an argument",
	unclear:   "the service refuses the call, trying for a minute",
	fatal:     "the service refuses the call",
}

// over forgets what was said of a stream long enough ago, so that the next trouble is said at once.
func (t *troubleLog) over(stream string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for key, line := range t.lines {
		if key.stream == stream && time.Since(line.said) >= sayEvery {
			delete(t.lines, key)
		}
	}
}
