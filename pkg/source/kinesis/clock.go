package kinesis

import (
	"sync"
	"time"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"

	"github.com/kstream/kstream/pkg/record"
)

// clock tells the service's time. The Date of an answer is cut to seconds, but each one bounds how far the two clocks can
// be apart: the second that it names lies between the call and its answer. The bounds of many answers meet in a narrow
// span. The zero clock believes the machine's.
type clock struct {
	mu     sync.Mutex
	low    time.Duration // the service is ahead by at least this; guarded by mu
	high   time.Duration // and by at most this; guarded by mu
	heard  bool          // guarded by mu
	offset time.Duration // guarded by mu
}

// learn takes in what the answer says that came just now, to a call sent at that time of the machine.
func (c *clock) learn(answer middleware.Metadata, sent time.Time) {
	if date, ok := awsmiddleware.GetServerTime(answer); ok {
		c.bound(date, sent, time.Now())
	}
}

func (c *clock) bound(date, sent, received time.Time) {
	low, high := date.Sub(received), date.Add(time.Second).Sub(sent)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.heard && low <= c.high && high >= c.low {
		low, high = max(low, c.low), min(high, c.high)
	} // else it is the first answer, or one of the clocks was set
	c.low, c.high, c.heard = low, high, true
	if c.offset = 0; low > 0 || high < 0 {
		c.offset = (low + high) / 2
	}
}

func (c *clock) known() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.heard
}

func (c *clock) now() record.Millis {
	c.mu.Lock()
	defer c.mu.Unlock()
	return record.MillisOf(time.Now().Add(c.offset))
}
