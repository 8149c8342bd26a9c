package kinesislocal

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// bigSequence works a sequence number out the slow way, from the layout that its type describes.
func bigSequence(s sequence) string {
	n := new(big.Int)
	for _, f := range []struct {
		value uint64
		shift uint
	}{{2, 184}, {s.epoch, 148}, {uint64(s.shard & 0xf), 144}, {s.index, 80}, {s.second, 36}, {uint64(s.shard), 4}, {2, 0}} {
		n.Or(n, new(big.Int).Lsh(new(big.Int).SetUint64(f.value), f.shift))
	}
	return n.String()
}

func TestSequence(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for i := range 2000 {
		s := sequence{random.Uint64() >> 28, random.Uint64() >> 1, random.Uint64() >> 28, random.Uint32()}
		if i == 0 {
			s = sequence{}
		}
		if i == 1 {
			s = sequence{maxField36, lastIndex, maxField36, 1<<32 - 1}
		}
		text := s.String()
		if want := bigSequence(s); text != want || len(text) != sequenceDigits {
			t.Fatalf("%+v: got %s, want %s", s, text, want)
		}
		if back, ok := parseSequence(text); !ok || back != s {
			t.Fatalf("%s: read back as %+v, %v, want %+v", text, back, ok, s)
		}
	}
	for _, text := range []string{"", "5", strings.Repeat("9", 56), strings.Repeat("4", 56), strings.Repeat("x", 56), "0" + sequence{}.String()} {
		if s, ok := parseSequence(text); ok {
			t.Errorf("%q was taken for %+v", text, s)
		}
	}
}

func TestHashKeys(t *testing.T) {
	for _, text := range []string{"0", "1", "18446744073709551616", "340282366920938463463374607431768211455"} {
		k, ok := parseHashKey(text)
		if !ok || k.String() != text {
			t.Errorf("%s: got %v, %v", text, k, ok)
		}
	}
	for _, text := range []string{"", "-1", "01", "340282366920938463463374607431768211456", strings.Repeat("9", 39), "1x"} {
		if k, ok := parseHashKey(text); ok {
			t.Errorf("%q was taken for %v", text, k)
		}
	}
	if got := hashOf("a").String(); got != "16955237001963240173058271559858726497" { // MD5 as a number, by another program
		t.Errorf("hash of a: got %s", got)
	}
	if got := middle(hashKey{}, maxHashKey).String(); got != "170141183460469231731687303715884105728" {
		t.Errorf("middle: got %s", got)
	}
	for _, n := range []int{1, 3, 7, 10_000} {
		starts := boundaries(n)
		if len(starts) != n || starts[0] != (hashKey{}) || !slices.IsSortedFunc(starts, func(a, b hashKey) int { return a.big().Cmp(b.big()) }) {
			t.Errorf("boundaries of %d are not in order", n)
		}
	}
}
