package packed

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/golang/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// packers make packed payloads with other libraries than those that unpack them, where there are others.
var packers = []struct {
	name string
	kind Kind
	pack func(t testing.TB, plain []byte) []byte
}{
	{"gzip", Gzip, through(func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })},
	{"gzip, several members", Gzip, func(t testing.TB, plain []byte) (out []byte) {
		half := len(plain) / 2
		one := through(func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
		return append(append(one(t, plain[:half]), one(t, nil)...), one(t, plain[half:])...)
	}},
	{"zlib", Zlib, through(func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) })},
	{"zstd of a known size", Zstd, func(t testing.TB, plain []byte) []byte { return zstdWriter(t, nil).EncodeAll(plain, nil) }},
	{"zstd of an unknown size", Zstd, func(t testing.TB, plain []byte) []byte {
		return through(func(w io.Writer) io.WriteCloser { return zstdWriter(t, w) })(t, plain)
	}},
	{"zstd, skippable and several frames", Zstd, func(t testing.TB, plain []byte) []byte {
		half := len(plain) / 2
		out := zstdWriter(t, nil).EncodeAll(plain[:half], nil)
		out = append(out, "\x53\x2a\x4d\x18\x03\x00\x00\x00abc"...)
		return zstdWriter(t, nil).EncodeAll(plain[half:], out)
	}},
	{"snappy", Snappy, through(func(w io.Writer) io.WriteCloser { return snappy.NewBufferedWriter(w) })},
	{"snappy-java", Snappy, func(_ testing.TB, plain []byte) []byte {
		out := append([]byte(snappyJava), 0, 0, 0, 1, 0, 0, 0, 1)
		for len(plain) > 0 {
			n := min(len(plain), 32<<10)
			block := snappy.Encode(nil, plain[:n])
			out = append(binary.BigEndian.AppendUint32(out, uint32(len(block))), block...)
			plain = plain[n:]
		}
		return out
	}},
	{"snappy block", SnappyBlock, func(_ testing.TB, plain []byte) []byte { return snappy.Encode(nil, plain) }},
	{"lz4", LZ4, through(func(w io.Writer) io.WriteCloser { return lz4.NewWriter(w) })},
	{"lz4 with its size", LZ4, func(t testing.TB, plain []byte) []byte {
		return through(func(w io.Writer) io.WriteCloser {
			z := lz4.NewWriter(w)
			if err := z.Apply(lz4.SizeOption(uint64(len(plain))), lz4.BlockSizeOption(lz4.Block64Kb)); err != nil {
				t.Fatal(err)
			}
			return z
		})(t, plain)
	}},
}

func through(writer func(io.Writer) io.WriteCloser) func(testing.TB, []byte) []byte {
	return func(t testing.TB, plain []byte) []byte {
		t.Helper()
		var b bytes.Buffer
		w := writer(&b)
		if _, err := w.Write(plain); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
}

func zstdWriter(t testing.TB, w io.Writer) *zstd.Encoder {
	z, err := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// plains are payloads of each size class: they pack well, badly and not at all.
func plains() map[string][]byte {
	noise := make([]byte, 200_000)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	return map[string][]byte{
		"little": []byte(`{"level":"error"}`),
		"much":   bytes.Repeat([]byte(`{"level":"error","status":503} `), 10_000),
		"noise":  noise,
		"zeros":  make([]byte, 1<<20),
	}
}

func TestUnpack(t *testing.T) {
	for _, p := range packers {
		for name, plain := range plains() {
			payload := p.pack(t, plain)
			dst := []byte("before")
			out, kind, err := Unpacker{}.Unpack(dst, payload)
			if p.kind == SnappyBlock {
				kind = SnappyBlock
				out, err = Unpacker{}.As(kind, dst, payload)
			}
			if err != nil || kind != p.kind || string(out) != "before"+string(plain) {
				t.Errorf("%s, %s: %v, %d bytes of %d, %v", p.name, name, kind, len(out)-6, len(plain), err)
			}
		}
	}
}

func TestManyGoroutines(t *testing.T) {
	var wg sync.WaitGroup
	for _, p := range packers {
		plain := plains()["much"]
		payload := p.pack(t, plain)
		for range 4 {
			wg.Go(func() {
				if out, err := (Unpacker{}).As(p.kind, nil, payload); err != nil || !bytes.Equal(out, plain) {
					t.Errorf("%s: %d bytes, %v", p.name, len(out), err)
				}
			})
		}
	}
	wg.Wait()
}

func TestPlainPassesUntouched(t *testing.T) {
	for _, payload := range []string{
		"", "a", "\x1f\x8b", "\x1f\x8b\x08\xff rest", `{"a":1}`, "x^2 + y^2 is 1", "x\x01\x80\x01\x05 is protobuf", "\x78\x9c", "\x78\x01\x82\x01\x03abc",
		"\xff\xfe\xff\xfe", "\xff\x06\x00\x00sNaPp", "\x82\xa1a\x01\xa1b\x02", strings.Repeat("x\x01\x82\x01\x03abc", 200),
	} {
		in := []byte(payload)
		out, kind, err := Unpacker{}.Unpack([]byte("before"), in)
		if kind != Plain || err != nil || string(out) != payload {
			t.Errorf("%q: %q, %v, %v", payload, out, kind, err)
		}
		if len(in) > 0 && &out[0] != &in[0] {
			t.Errorf("%q is copied", payload)
		}
	}
}

func TestLimit(t *testing.T) {
	const most = 100_000
	for _, p := range packers {
		for _, n := range []int{most, most + 1, 2 << 20} {
			payload := p.pack(t, make([]byte, n))
			out, err := Unpacker{MaxBytes: most}.As(p.kind, []byte("before"), payload)
			var large *TooLargeError
			switch {
			case n == most && (err != nil || len(out) != 6+most):
				t.Errorf("%s of just as much as it may: %d bytes, %v", p.name, len(out), err)
			case n > most && (!errors.As(err, &large) || large.Max != most || string(out) != "before"):
				t.Errorf("%s of %d bytes: %d bytes, %v", p.name, n, len(out), err)
			}
		}
	}
}

// TestCutOff holds that a payload of which the end is missing is an error, wherever it is cut.
func TestCutOff(t *testing.T) {
	plain := bytes.Repeat([]byte(`{"level":"error","status":503,"id":`), 4)
	for i := range plain {
		plain[i] += byte(i / 35) // so that it does not pack too well
	}
	for _, p := range packers {
		payload := p.pack(t, plain)
		whole := map[int]bool{}
		for cut := 4; cut < len(payload); cut++ {
			out, err := Unpacker{}.As(p.kind, nil, payload[:cut])
			if err == nil && bytes.HasPrefix(plain, out) && len(out) < len(plain) {
				whole[cut] = true // behind a member, frame or chunk nothing has to follow
			} else if err == nil {
				t.Errorf("%s of %d bytes cut at %d: no error", p.name, len(payload), cut)
			}
		}
		if len(whole) > 2 {
			t.Errorf("%s is whole at %v", p.name, whole)
		}
		if p.kind == SnappyBlock {
			continue
		}
		if _, _, err := (Unpacker{}).Unpack(nil, payload[:len(payload)-1]); err == nil || !strings.Contains(err.Error(), p.kind.String()) {
			t.Errorf("%s without its last byte: %v", p.name, err)
		}
	}
}

// TestFewBytesCostLittle holds what payloads cost that promise much at their begin.
func TestFewBytesCostLittle(t *testing.T) {
	for name, tt := range map[string]struct {
		kind    Kind
		payload string
	}{
		"gzip, a size at its end":     {Gzip, "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xff\xff\xff\x00"},
		"zstd, a size in its frame":   {Zstd, "\x28\xb5\x2f\xfd\xa4\x00\x00\xf0\x00\x01\x00\x00"},
		"zstd, a window in its frame": {Zstd, "\x28\xb5\x2f\xfd\x00\xa8\x05\x00\x00"},
		"snappy block":                {SnappyBlock, "\x80\x80\x80\x07a"},
		"snappy, a block in a frame":  {Snappy, snappyFramed + "\x00\x08\x00\x00abcd\x80\x80\x04a"},
		"lz4, a size in its frame":    {LZ4, "\x04\x22\x4d\x18\x68\x70\x00\x00\xf0\x00\x00\x00\x00\x00\x00\x00\x00"},
	} {
		var before, after runtime.MemStats
		const rounds = 20
		_, err := Unpacker{}.As(tt.kind, nil, []byte(tt.payload)) // what is pooled is not counted
		runtime.ReadMemStats(&before)
		for range rounds {
			_, _ = Unpacker{}.As(tt.kind, nil, []byte(tt.payload))
		}
		runtime.ReadMemStats(&after)
		if cost := (after.TotalAlloc - before.TotalAlloc) / rounds; cost > 2<<20 || err == nil {
			t.Errorf("%s: %d bytes of memory, %v", name, cost, err)
		}
	}
}

func TestErrorsHoldNothingOfThePayload(t *testing.T) {
	for _, p := range packers {
		payload := p.pack(t, bytes.Repeat([]byte("secret "), 100))
		for i := 0; i < len(payload); i += 3 {
			broken := bytes.Clone(payload)
			broken[i] ^= 0xff
			if _, err := (Unpacker{}).As(p.kind, nil, broken); err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("%s, byte %d broken: %v", p.name, i, err)
			}
		}
	}
}
