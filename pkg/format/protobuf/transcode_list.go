package protobuf

import "google.golang.org/protobuf/encoding/protowire"

// list appends a repeated field, whose values may be packed, single, or some of both.
func (t *Transcoder) list(dst []byte, f *field, p part, s slot, depth int) ([]byte, *Fault) {
	dst = append(dst, '[')
	count := 0
	for i := int(s.first); i <= int(s.value) && i < len(p.b); {
		n, w, at, end, fault := p.next(i)
		if fault != nil {
			return dst, fault
		}
		switch {
		case n != f.number:
		case w == f.wire:
			if dst, fault = t.element(dst, f, p, at, depth, &count); fault != nil {
				return dst, fault.at(count)
			}
		case f.packable && w == protowire.BytesType:
			if dst, fault = t.packed(dst, f, p.content(at, n, w), &count); fault != nil {
				return dst, fault.at(count)
			}
		}
		i = end
	}
	return append(dst, ']'), nil
}

func (t *Transcoder) element(dst []byte, f *field, p part, at, depth int, count *int) ([]byte, *Fault) {
	if *count > 0 {
		dst = append(dst, ',')
	}
	if len(dst) > t.limit {
		return dst, p.fault(at, problemTooMuch)
	}
	var fault *Fault
	if f.message != nil {
		dst, fault = t.message(dst, f.message, p.content(at, f.number, f.wire), depth+1)
	} else {
		dst, fault = t.scalar(dst, f, p, at)
	}
	if fault == nil {
		*count++
	}
	return dst, fault
}

// packed appends the values of one packed run.
func (t *Transcoder) packed(dst []byte, f *field, run part, count *int) ([]byte, *Fault) {
	for i := 0; i < len(run.b); {
		end, fault := run.skip(i, f.number, f.wire)
		if fault != nil {
			return dst, fault
		}
		if dst, fault = t.element(dst, f, run, i, 0, count); fault != nil {
			return dst, fault
		}
		i = end
	}
	return dst, nil
}
