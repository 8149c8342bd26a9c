package kinesislocal

// The calls below are a test's own hand in the server. They need no client, take effect at once whatever Config.Transition
// says, and no limit and no fault touches them. Their errors are those of the service, as *Error.

// CreateStream makes a provisioned stream that is ACTIVE.
func (s *Server) CreateStream(name string, shards int) error {
	in := createStreamInput{StreamName: name, ShardCount: &shards}
	if err := in.check(); err != nil {
		return err
	}
	return s.create(name, definition{shards, modeProvisioned, minRecordKiB}, s.now(), 0)
}

// DeleteStream deletes a stream with its records.
func (s *Server) DeleteStream(name string) error {
	now := s.now()
	st, err := s.stream(name, now)
	if err != nil {
		return err
	}
	return st.remove(now, 0)
}

// Put writes a record to the shard that its partition key belongs to, and returns the shard's name and the record's
// sequence number. It keeps a copy of data.
func (s *Server) Put(name, key string, data []byte) (shard, sequence string, err error) {
	return s.put(name, putEntry{Data: data, PartitionKey: key})
}

// PutTo is Put to an open shard that is given by name: its first hash key is the record's ExplicitHashKey.
func (s *Server) PutTo(name, shard, key string, data []byte) (sequence string, err error) {
	var start string
	err = s.with(name, func(st *stream, _ millis) error {
		sh, err := st.openShard(shard)
		if err == nil {
			start = sh.lo.String()
		}
		return err
	})
	if err != nil {
		return "", err
	}
	_, sequence, err = s.put(name, putEntry{Data: data, PartitionKey: key, ExplicitHashKey: &start})
	return sequence, err
}

func (s *Server) put(name string, e putEntry) (shard, sequence string, err error) {
	var found checks
	if e.Data == nil {
		e.Data = []byte{}
	}
	e.check(&found, "")
	h, err := e.hash()
	if err == nil {
		err = found.err()
	}
	if err != nil {
		return "", "", err
	}
	now := s.now()
	st, err := s.stream(name, now)
	if err != nil {
		return "", "", err
	}
	defer s.makeRoom(now) // behind the lock
	st.mu.RLock()
	defer st.mu.RUnlock()
	if err := st.readable(); err != nil {
		return "", "", err
	}
	if e.fits(&found, "", st); found.err() != nil {
		return "", "", found.err()
	}
	sh := st.open[st.place(h)]
	return sh.name(), st.put(sh, e.PartitionKey, e.Data, now).String(), nil
}

// Split closes a shard and returns the two that its range is halved into.
func (s *Server) Split(name, shard string) (left, right string, err error) {
	err = s.with(name, func(st *stream, now millis) error {
		sh, err := st.openShard(shard)
		if err != nil {
			return err
		}
		if sh, err = st.splittable(shard, middle(sh.lo, sh.hi)); err != nil {
			return err
		}
		a, b := st.splitLocked(sh, middle(sh.lo, sh.hi), now)
		left, right = a.name(), b.name()
		return nil
	})
	return left, right, err
}

// Merge closes two neighbours and returns the shard that has both their ranges.
func (s *Server) Merge(name, shard, adjacent string) (child string, err error) {
	err = s.with(name, func(st *stream, now millis) error {
		a, b, err := st.mergeable(shard, adjacent)
		if err != nil {
			return err
		}
		child = st.mergeLocked(a, b, now).name()
		return nil
	})
	return child, err
}

// Scale splits and merges a stream's shards until there are n of equal size.
func (s *Server) Scale(name string, n int) error {
	return s.with(name, func(st *stream, now millis) error {
		var found checks
		if found.between("targetShardCount", &n, 1, maxShards); found.err() != nil {
			return found.err()
		}
		if err := st.active(); err != nil {
			return err
		}
		st.scaleLocked(n, now)
		return nil
	})
}

// Trim drops the records of a shard that come before sequence, as if their retention had ended; an empty sequence drops
// all.
func (s *Server) Trim(name, shard, sequence string) error {
	return s.with(name, func(st *stream, _ millis) error {
		sh, err := st.named(shard)
		if err != nil {
			return err
		}
		sh.mu.Lock()
		defer sh.mu.Unlock()
		index := sh.log.next
		if sequence != "" {
			number, ok := parseSequence(sequence)
			if !ok || int(number.shard) != sh.number || number.epoch != sh.epoch {
				return invalidArgument("Sequence number %s is not one of shard %s in stream %s.", sequence, shard, name)
			}
			index = min(index, number.index)
		}
		s.held.Add(-sh.log.trim(index))
		return nil
	})
}

// with calls f with a stream that has shards, its lock held.
func (s *Server) with(name string, f func(st *stream, now millis) error) error {
	now := s.now()
	st, err := s.stream(name, now)
	if err != nil {
		return err
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	if err := st.readable(); err != nil {
		return err
	}
	return f(st, now)
}
