package kpl

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHash(t *testing.T) {
	limit := new(big.Int).Lsh(big.NewInt(1), 128)
	rng := rand.New(rand.NewPCG(1, 2))
	numbers := []*big.Int{big.NewInt(0), big.NewInt(9), new(big.Int).Sub(limit, big.NewInt(1)), new(big.Int).Lsh(big.NewInt(1), 64)}
	for range 500 {
		n := new(big.Int).Lsh(new(big.Int).SetUint64(rng.Uint64()), 64)
		n.Or(n, new(big.Int).SetUint64(rng.Uint64()))
		numbers = append(numbers, n.Rsh(n, rng.UintN(128)))
	}
	for i, n := range numbers {
		h, err := ParseHash(n.String())
		if err != nil || h.String() != n.String() {
			t.Fatalf("ParseHash(%s) = %s, %v", n, h, err)
		}
		other := numbers[(i*7+3)%len(numbers)]
		g, _ := ParseHash(other.String())
		if got, want := h.Compare(g), n.Cmp(other); got != want {
			t.Errorf("Compare(%s, %s) = %d, want %d", n, other, got, want)
		}
	}
	for _, bad := range []string{"", "-1", "1x", " 1", limit.String(), limit.String() + "0"} {
		if h, err := ParseHash(bad); err == nil {
			t.Errorf("ParseHash(%q) = %s, want an error", bad, h)
		}
	}
}

func TestHashOf(t *testing.T) {
	tests := []struct{ key, explicit, want string }{
		{"a", "", "16955237001963240173058271559858726497"}, // MD5 0cc175b9c0f1b6a831c399e269772661
		{"a", "42", "42"},
	}
	for _, tt := range tests {
		got, err := HashOf([]byte(tt.key), []byte(tt.explicit))
		if err != nil || got.String() != tt.want {
			t.Errorf("HashOf(%q, %q) = %s, %v; want %s", tt.key, tt.explicit, got, err, tt.want)
		}
	}
}

func TestBelongs(t *testing.T) {
	low, high := Range{End: Hash{1, 0}}, Range{Start: Hash{1, 1}, End: All.End}
	at := func(hash string) UserRecord { return UserRecord{Key: []byte("k"), ExplicitHashKey: []byte(hash)} }
	edge := Hash{1, 0}.String()
	tests := []struct {
		name    string
		records []UserRecord
		shard   Range
		want    bool
	}{
		{"all inside", []UserRecord{at("0"), at(edge)}, low, true},
		{"the second outside", []UserRecord{at(edge), at(Hash{1, 1}.String())}, low, false},
		{"on the lower edge", []UserRecord{at(Hash{1, 1}.String())}, high, true},
		{"below the lower edge", []UserRecord{at(edge)}, high, false},
		{"none at all", nil, low, true},
		{"any range", []UserRecord{at("0"), at(All.End.String())}, All, true},
	}
	for _, tt := range tests {
		if got := Belongs(tt.records, tt.shard); got != tt.want {
			t.Errorf("%s: %t, want %t", tt.name, got, tt.want)
		}
	}
}

// pack aggregates records without limits.
func pack(tb testing.TB, records []UserRecord) []byte {
	tb.Helper()
	a := NewAggregator(1<<30, 1<<30)
	for _, r := range records {
		if fits, err := a.Add(r.Key, r.ExplicitHashKey, r.Data); !fits || err != nil {
			tb.Fatalf("Add(%q) = %t, %v", r.Key, fits, err)
		}
	}
	return a.Append(nil)
}

func sample(n int) []UserRecord {
	records := make([]UserRecord, n)
	for i := range records {
		records[i] = UserRecord{Key: fmt.Appendf(nil, "key-%d", i%7), Data: fmt.Appendf(nil, "payload %d", i)}
		if i%3 == 0 {
			records[i].ExplicitHashKey = fmt.Append(nil, i%5)
		}
	}
	return records
}

func TestAggregatorKeepsLimits(t *testing.T) {
	for _, limit := range []int{200, 333, 1000, 5000} {
		a, splitter, sent := NewAggregator(limit, 50), Splitter{}, 0
		records := sample(500)
		flush := func() {
			body := a.Append(nil)
			key, _ := a.Keys()
			if got := len(body) + len(key); got > limit || a.Len() > 50 {
				t.Fatalf("limit %d: %d bytes of %d records", limit, got, a.Len())
			}
			split, ok := splitter.Split(body)
			if a.Len() > 1 && !ok {
				t.Fatal("what the aggregator packed is no aggregate")
			}
			if a.Len() > 1 {
				if diff := cmp.Diff(records[sent:sent+a.Len()], split); diff != "" {
					t.Fatal(diff)
				}
			}
			sent += a.Len()
			a.Reset()
		}
		for _, r := range records {
			fits, err := a.Add(r.Key, r.ExplicitHashKey, r.Data)
			if err != nil {
				t.Fatal(err)
			}
			if !fits {
				flush()
				if fits, err = a.Add(r.Key, r.ExplicitHashKey, r.Data); !fits || err != nil {
					t.Fatalf("an empty aggregator refuses: %v", err)
				}
			}
		}
		flush()
		if sent != len(records) {
			t.Errorf("limit %d: sent %d of %d", limit, sent, len(records))
		}
	}
}

func TestAggregatorAlone(t *testing.T) {
	a := NewAggregator(10, 10)
	if fits, err := a.Add([]byte("key"), []byte("12"), []byte("longer than the limit")); !fits || err != nil {
		t.Fatalf("Add = %t, %v", fits, err)
	}
	if got := string(a.Append(nil)); got != "longer than the limit" {
		t.Errorf("one record alone went out as %q", got)
	}
	if key, explicit := a.Keys(); key != "key" || explicit != "12" {
		t.Errorf("Keys() = %q, %q", key, explicit)
	}
	if fits, err := a.Add([]byte("k"), []byte("x"), nil); fits || err == nil {
		t.Errorf("a hash key that is none: %t, %v", fits, err)
	}
	a = NewAggregator(1000, 10)
	for range 2 {
		if _, err := a.Add([]byte("key"), nil, []byte("data")); err != nil {
			t.Fatal(err)
		}
	}
	hash, _ := HashOf([]byte("key"), nil)
	if key, explicit := a.Keys(); key != "a" || explicit != hash.String() {
		t.Errorf("Keys() = %q, %q", key, explicit)
	}
}
