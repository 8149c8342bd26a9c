package packed

import (
	"bytes"
	"testing"
)

// FuzzUnpack holds that no payload unpacks to more than it may, panics, or touches what dst held; and that what is packed
// comes back.
func FuzzUnpack(f *testing.F) {
	for _, p := range packers {
		f.Add(uint8(p.kind), p.pack(f, []byte("a payload, a payload, a payload")))
	}
	f.Fuzz(func(t *testing.T, k uint8, payload []byte) {
		const most = 1 << 16
		u := Unpacker{MaxBytes: most}
		dst := append(make([]byte, 0, 64), "before"...)
		if out, kind, err := u.Unpack(dst, payload); kind == Plain {
			if err != nil || !bytes.Equal(out, payload) {
				t.Fatalf("plain: %v", err)
			}
		} else if !bytes.HasPrefix(out, dst) || len(out) > most+len(dst) || err != nil && len(out) != len(dst) {
			t.Fatalf("%v: %d bytes, %v", kind, len(out), err)
		}
		kind := Kind(int(k) % len(names))
		if out, err := u.As(kind, dst, payload); !bytes.HasPrefix(out, dst) || len(out) > most+len(dst) || err != nil && len(out) != len(dst) {
			t.Fatalf("as %v: %d bytes, %v", kind, len(out), err)
		}
		if len(payload) > most {
			return
		}
		for _, p := range packers {
			if p.kind != kind {
				continue
			}
			in := p.pack(t, payload)
			if len(in) == 0 { // framed snappy of nothing is nothing
				continue
			}
			if out, err := u.As(kind, nil, in); err != nil || !bytes.Equal(out, payload) {
				t.Fatalf("%s does not come back: %v", p.name, err)
			}
		}
	})
}

// BenchmarkUnpack counts unpacked bytes.
func BenchmarkUnpack(b *testing.B) {
	plain := plains()["much"][:40_000]
	for _, p := range packers {
		payload := p.pack(b, plain)
		b.Run(p.name, func(b *testing.B) {
			b.SetBytes(int64(len(plain)))
			b.ReportAllocs()
			var dst []byte
			for b.Loop() {
				var err error
				if dst, err = (Unpacker{}).As(p.kind, dst[:0], payload); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("plain", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, _, err := (Unpacker{}).Unpack(nil, plain); err != nil {
				b.Fatal(err)
			}
		}
	})
}
