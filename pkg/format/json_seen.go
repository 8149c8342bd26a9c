package format

import "bytes"

// member is a member's name as documents write it, with its quotes and the colon right behind them, and the field that it is.
type member struct {
	text []byte
	key  *key // nil: nobody wants it
}

// Bounds of what is remembered of documents: the members, and the bytes of a name.
const (
	mostSeen     = 256
	longestNamed = 64
)

// at reports whether text has the member's name at i, and more behind it. The documents of a stream are alike: where one has
// the same name at the same place as the one before, a comparison tells that it is one, and which.
func (m *member) at(text []byte, i int) bool {
	return len(text)-i > len(m.text) && bytes.Equal(text[i:i+len(m.text)], m.text)
}

// unseen passes the name at i of the document's n-th member and its colon, and remembers it.
func (r *Projector) unseen(i, n int) (k *key, value int, err error) {
	text := r.doc.text
	nameEnd, value, err := r.doc.key(i)
	if err != nil {
		return nil, value, err
	}
	k = r.p.root.find(name(text[i:nameEnd], r.buf))
	if text[nameEnd] != ':' || nameEnd-i > longestNamed {
		return k, value, nil
	}
	if n == len(r.seen) && n < mostSeen {
		r.seen = append(r.seen, member{})
	}
	if n < len(r.seen) {
		r.seen[n] = member{append(r.seen[n].text[:0], text[i:nameEnd+1]...), k}
	}
	return k, value, nil
}
