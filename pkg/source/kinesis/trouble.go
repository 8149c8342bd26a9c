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
	class             awserror.Class
}

type troubleLine struct {
	said  time.Time
	since int // calls since it was said
}

const sayEvery = 30 * time.Second

func (t *troubleLog) say(stream, operation string, c awserror.Class, err error) {
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
	t.log.Warn(c.Trouble(), zap.String("stream", stream), zap.String("call", operation), zap.Int("failed", failed), zap.String("error", awserror.Text(err)))
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
