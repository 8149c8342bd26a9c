package msgpack

import (
	"strconv"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/literal"
)

// What a reader writes, unless it is mute.

func (r *reader) put(text string) {
	if !r.mute {
		r.dst = append(r.dst, text...)
	}
}

func (r *reader) unsigned(n uint64) {
	if !r.mute {
		r.dst = strconv.AppendUint(r.dst, n, 10)
	}
}

func (r *reader) signed(n int64) {
	if !r.mute {
		r.dst = strconv.AppendInt(r.dst, n, 10)
	}
}

func (r *reader) float(f float64, bits int) {
	if !r.mute {
		r.dst = literal.AppendFloat(r.dst, f, bits)
	}
}

func (r *reader) binary(p []byte) {
	if !r.mute {
		r.dst = literal.AppendBytes(r.dst, p)
	}
}

// text reads a string of n bytes.
func (r *reader) text(n uint64) {
	if p := r.take(n); !r.mute {
		r.dst = format.AppendString(r.dst, p)
	}
}
