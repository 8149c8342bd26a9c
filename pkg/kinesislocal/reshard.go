package kinesislocal

import "slices"

// addLocked makes an open shard and lists it by number. The caller puts it in its place among the open ones.
func (st *stream) addLocked(lo, hi hashKey, at millis, parents ...*shard) *shard {
	sh := &shard{
		number: st.next, epoch: max(st.epoch, uint64(at)/1000), lo: lo, hi: hi, opened: at, log: log{base: 1, next: 1},
	}
	for _, p := range parents {
		sh.parents = append(sh.parents, p.number)
		sh.epoch = max(sh.epoch, p.epoch+1) // a child's numbers are above its parents', however soon it comes
		p.children = append(p.children, sh)
	}
	st.next, st.epoch = st.next+1, max(st.epoch, sh.epoch)
	st.shards = append(st.shards, sh)
	return sh
}

// populateLocked gives a new stream its first n shards.
func (st *stream) populateLocked(n int) {
	starts := boundaries(n)
	for i, lo := range starts {
		hi := maxHashKey
		if i+1 < n {
			hi = starts[i+1].previous()
		}
		st.open = append(st.open, st.addLocked(lo, hi, st.created))
	}
}

func (st *stream) closeLocked(sh *shard, at millis) {
	sh.closed = at
	st.expiry = min(st.expiry, at.add(st.retention))
}

// splitLocked closes sh and opens two children; the second begins at where.
func (st *stream) splitLocked(sh *shard, where hashKey, at millis) (left, right *shard) {
	st.closeLocked(sh, at)
	left = st.addLocked(sh.lo, where.previous(), at, sh)
	right = st.addLocked(where, sh.hi, at, sh)
	i := st.place(sh.lo)
	st.open = slices.Replace(st.open, i, i+1, left, right)
	return left, right
}

// mergeLocked closes a and b, neighbours in either order, and opens their child. a is its parent and b the adjacent one.
func (st *stream) mergeLocked(a, b *shard, at millis) *shard {
	st.closeLocked(a, at)
	st.closeLocked(b, at)
	lo, hi := a.lo, b.hi
	if b.lo.less(a.lo) {
		lo, hi = b.lo, a.hi
	}
	i := st.place(lo)
	child := st.addLocked(lo, hi, at, a, b)
	st.open = slices.Replace(st.open, i, i+2, child)
	return child
}

// scaleLocked splits and merges until there are n open shards of equal size. Like the service it does so in steps of two,
// and the shards in between stay listed, closed and empty.
func (st *stream) scaleLocked(n int, at millis) {
	starts := boundaries(n)
	for _, where := range starts[1:] {
		if sh := st.open[st.place(where)]; sh.lo != where {
			st.splitLocked(sh, where, at)
		}
	}
	for i := range starts {
		for i+1 < len(st.open) && (i+1 == n || st.open[i+1].lo.less(starts[i+1])) {
			st.mergeLocked(st.open[i], st.open[i+1], at)
		}
	}
}

// adjacent reports whether the ranges of a and b touch.
func adjacent(a, b *shard) bool {
	return a.hi.next() == b.lo && a.hi != maxHashKey || b.hi.next() == a.lo && b.hi != maxHashKey
}
