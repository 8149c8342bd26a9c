package kinesislocal

// bucket is a rate per second that saves up one second's worth while it is not used. The zero value is full. The rate is
// handed in at each call, so that a bucket is two words: a server has several for each of its shards.
type bucket struct {
	taken float64 // what is missing to full
	at    millis  // when taken was worked out
}

// settle works out what is missing at now.
func (b *bucket) settle(rate float64, now millis) {
	if now > b.at {
		b.taken = max(0, b.taken-rate*float64(now-b.at)/1000)
		b.at = now
	}
}

// has reports whether n may be taken: it is there, or it is more than there ever is and nothing is missing. A rate of 0
// is no limit.
func (b *bucket) has(rate, n float64, now millis) bool {
	if rate == 0 {
		return true
	}
	b.settle(rate, now)
	return b.taken == 0 || b.taken+n <= rate
}

func (b *bucket) take(n float64) { b.taken += n }

// allow takes n if it may.
func (b *bucket) allow(rate, n float64, now millis) bool {
	ok := b.has(rate, n, now)
	if ok {
		b.take(n)
	}
	return ok
}

// pause is a rate in bytes per second whose size is known only when they have been given: they may overdraw what was
// saved up, and then all is refused until their own worth of time has passed.
type pause struct {
	bucket
	until millis
}

func (p *pause) open(now millis) bool { return now >= p.until }

func (p *pause) charge(rate float64, n int, now millis) {
	if rate == 0 {
		return
	}
	p.settle(rate, now)
	if p.taken += float64(n); p.taken > rate {
		p.until = now + millis(float64(n)/rate*1000)
		p.taken, p.at = rate, p.until
	}
}
