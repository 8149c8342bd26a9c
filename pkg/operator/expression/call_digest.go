package expression

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"sync"

	"github.com/cespare/xxhash/v2"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

// redacted is what stands where nobody may read.
const redacted = "***"

// pseudonymBytes is how much of the HMAC a pseudonym keeps: 128 bits, of which no two come out equal by chance.
const pseudonymBytes = 16

// digestFunctions make something short of a value, the same for the same text. The text is what string(x) gives.
var digestFunctions = map[string]function{
	"hash":   {takes: []Types{Any}, least: 1, gives: Number, run: digest(hashed), bytes: true},
	"sha256": {takes: []Types{Any}, least: 1, gives: String, run: digest(sha256Of), bytes: true},
	"md5":    {takes: []Types{Any}, least: 1, gives: String, run: digest(md5Of), bytes: true},
	"redact": {takes: []Types{Any, String}, least: 1, gives: String, prepare: redact, bytes: true},
}

// digest gives of an argument's text.
func digest(of func(f *Frame, text []byte) record.Value) run {
	return func(f *Frame, args []record.Value) record.Value {
		v := &args[0]
		if len(v.Text) > 0 {
			return of(f, v.Text)
		}
		var few [64]byte // longer than any number or time
		return of(f, format.AppendText(few[:0], v))
	}
}

// hashed is xxHash64 without its last bit: a number from 0 on, which % takes for shards.
func hashed(_ *Frame, text []byte) record.Value {
	return record.IntValue(int64(xxhash.Sum64(text) >> 1))
}

func sha256Of(f *Frame, text []byte) record.Value {
	sum := sha256.Sum256(text)
	return f.hex(sum[:])
}

func md5Of(f *Frame, text []byte) record.Value {
	sum := md5.Sum(text)
	return f.hex(sum[:])
}

// digestSteps is what a cryptographic digest of a short text costs, beside what is taken for its length.
const digestSteps = 16

// hex gives a cryptographic digest as text.
func (f *Frame) hex(b []byte) record.Value {
	if !f.spend(digestSteps) || !f.room(hex.EncodedLen(len(b))) {
		return record.Value{}
	}
	dst := f.batch.Scratch()
	from := len(dst)
	return f.text(record.String, hex.AppendEncode(dst, b), from)
}

// redact makes a value unreadable: without a key all that is left is that there was one, with a key it is a pseudonym. A
// mere hash would be none: whoever has a list of names, addresses or telephone numbers hashes them all.
func redact(p *preparation) run {
	if len(p.parts) == 1 {
		return func(f *Frame, _ []record.Value) record.Value { return owned(f, redacted) }
	}
	key, ok := p.written(1, "key", `env("REDACT_KEY")`)
	switch {
	case !ok:
		return nil
	case key == "":
		p.wrong(1, `such as: env("REDACT_KEY")`, "an empty key keeps nothing secret")
		return nil
	}
	macs := &sync.Pool{New: func() any { return hmac.New(sha256.New, []byte(key)) }}
	return digest(func(f *Frame, text []byte) record.Value {
		mac := macs.Get().(hash.Hash)
		defer macs.Put(mac)
		mac.Reset()
		mac.Write(text)
		var sum [sha256.Size]byte
		return f.hex(mac.Sum(sum[:0])[:pseudonymBytes])
	})
}
