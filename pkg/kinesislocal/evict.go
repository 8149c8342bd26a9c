package kinesislocal

// evictBytes is how much is dropped of a shard at a time to make room.
const evictBytes = 256 << 10

// release takes the bytes of a shard that is no longer listed off the sum. The stream's lock is held.
func (s *Server) release(sh *shard) {
	sh.mu.Lock()
	freed := sh.log.trim(sh.log.next)
	sh.mu.Unlock()
	s.held.Add(-freed)
}

// makeRoom drops the oldest records over all streams until Config.MaxBytes holds. No lock is held. Puts that come
// meanwhile may overshoot by what they bring; the last of them finds the room made.
func (s *Server) makeRoom(now millis) {
	limit := s.config.MaxBytes
	if limit == 0 || s.held.Load() <= limit {
		return
	}
	s.evict.Lock()
	defer s.evict.Unlock()
	for s.held.Load() > limit {
		sh := s.oldest(now)
		if sh == nil {
			return
		}
		s.drop(sh, min(evictBytes, max(s.held.Load()-limit, limit/64)))
	}
}

// oldest returns the shard whose oldest record is the oldest of all, or nil.
func (s *Server) oldest(now millis) *shard {
	var found *shard
	first := neverExpires
	for _, st := range s.all(now) {
		st.mu.RLock()
		for _, sh := range st.shards {
			if arrival, ok := sh.oldest(); ok && arrival < first {
				found, first = sh, arrival
			}
		}
		st.mu.RUnlock()
	}
	return found
}

// drop trims records of sh until it is n bytes smaller, or empty.
func (s *Server) drop(sh *shard, n int64) {
	sh.mu.Lock()
	var freed int64
	for freed < n && sh.log.base < sh.log.next {
		freed += sh.log.trim(sh.log.base + 1)
	}
	sh.mu.Unlock()
	s.held.Add(-freed)
}
