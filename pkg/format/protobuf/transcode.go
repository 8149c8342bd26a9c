package protobuf

// What a payload of n bytes reads as may be longer than it by far: a byte of a packed list is an enum's name, an empty
// message inside is all its zeros. These bound it.
const (
	spare  = 1 << 20 // bytes
	growth = 32
	most   = 64 << 20 // of a payload that was packed, which may be long and has cost nobody much
	// copies is how often a payload may be copied, all at one time, to put messages together that stand in pieces, in which
	// messages stand in pieces.
	copies = 8
	// keep is how many bytes of memory stay for the next payload, and entrySize what a map's entry takes of them.
	keep      = 4 << 20
	entrySize = 16
)

// Transcoder reads messages as JSON objects. One goroutine uses it.
type Transcoder struct {
	schema  *Schema
	slots   []slot  // of the messages that are open, one behind the other
	entries []entry // of the maps that are open
	joined  []byte  // messages that stood in several pieces
	limit   int     // how long dst may become

	mostJoined int // how long joined may become
}

// AppendJSON appends the message as a JSON object. Fields come in the order of the .proto, extensions behind them. Its
// time and output have bounds that grow with the payload: 1 MiB and 32 times its length, 64 MiB at most. An error is a *Fault.
func (t *Transcoder) AppendJSON(dst, payload []byte) ([]byte, error) {
	p, f := t.begin(len(dst), payload)
	if f != nil {
		return dst, f
	}
	if dst, f = t.message(dst, t.schema.root, p, 1); f != nil {
		return dst, f
	}
	return dst, nil
}

func (t *Transcoder) begin(from int, payload []byte) (part, *Fault) {
	p := part{payload, 0}
	if len(payload) > maxPayload {
		return p, p.fault(0, "the payload is longer than 2 GiB")
	}
	if cap(t.joined)+entrySize*cap(t.entries) > keep { // a huge payload is the exception
		t.joined, t.entries = nil, nil
	}
	t.slots, t.entries, t.joined = t.slots[:0], t.entries[:0], t.joined[:0]
	t.limit, t.mostJoined = from+min(most, spare+growth*len(payload)), spare+copies*len(payload)
	return p, nil
}

// open indexes a message. Its slots are t.slots[from:] until close.
func (t *Transcoder) open(l *layout, p part) (from int, f *Fault) {
	from = len(t.slots)
	for n := l.slots(); n > 0; {
		k := min(n, len(noSlots))
		t.slots = append(t.slots, noSlots[:k]...)
		n -= k
	}
	return from, l.index(p, t.slots[from:])
}

var noSlots [64]slot

func (t *Transcoder) close(from int) { t.slots = t.slots[:from] }

func (t *Transcoder) message(dst []byte, m *message, p part, depth int) ([]byte, *Fault) {
	if depth > MaxDepth {
		return dst, p.fault(0, problemDepth)
	}
	if m.form > emptyForm {
		return t.known(dst, m, p, depth)
	}
	dst, f := t.members(append(dst, '{'), m, p, depth, false)
	return append(dst, '}'), f
}

// members appends a message's fields, behind a comma if comma.
func (t *Transcoder) members(dst []byte, m *message, p part, depth int, comma bool) ([]byte, *Fault) {
	from, fault := t.open(&m.layout, p)
	defer t.close(from)
	if fault != nil {
		return dst, fault
	}
	for i, f := range m.fields {
		s := t.slots[from+i]
		if s.count == 0 && f.zero == nil {
			continue
		}
		if comma {
			dst = append(dst, ',')
		}
		comma = true
		dst = append(dst, f.prefix...)
		if s.count == 0 {
			dst = append(dst, f.zero...)
		} else if dst, fault = t.field(dst, f, p, s, depth); fault != nil {
			return dst, fault.in(f.name)
		}
		if len(dst) > t.limit {
			return dst, p.fault(0, problemTooMuch).in(f.name)
		}
	}
	return dst, nil
}

// field appends the value of a field that is there.
func (t *Transcoder) field(dst []byte, f *field, p part, s slot, depth int) ([]byte, *Fault) {
	switch {
	case f.mapped:
		return t.object(dst, f, p, s, depth)
	case f.list:
		return t.list(dst, f, p, s, depth)
	case f.message == nil:
		return t.scalar(dst, f, p, int(s.value))
	}
	before := len(t.joined)
	sub := p.content(int(s.value), f.number, f.wire)
	if s.count > 1 {
		if t.joined = f.join(t.joined, p, s); len(t.joined) > t.mostJoined {
			return dst, p.fault(int(s.first), problemPieces)
		}
		sub = part{t.joined[before:], -1}
	}
	dst, fault := t.message(dst, f.message, sub, depth+1)
	t.joined = t.joined[:before]
	return dst, fault
}

// join appends all pieces of a message: what they say together is what they say one behind the other.
func (f *field) join(dst []byte, p part, s slot) []byte {
	f.each(p, s, func(at int) {
		dst = append(dst, p.content(at, f.number, f.wire).b...)
	})
	return dst
}

// each calls visit with the place of each value of f that is not packed.
func (f *field) each(p part, s slot, visit func(at int)) {
	for i := int(s.first); i <= int(s.value) && i < len(p.b); {
		n, w, at, end, _ := p.next(i)
		if n == f.number && w == f.wire {
			visit(at)
		}
		i = end
	}
}
