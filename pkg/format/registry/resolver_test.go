package registry

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/klauspost/compress/zlib"
)

// answers is a Source that answers by a function, and counts the questions.
type answers struct {
	kind  Kind
	asked atomic.Int32
	say   func(ctx context.Context, n int32) (*Schema, error)
}

func (a *answers) Kind() Kind { return a.kind }

func (a *answers) Schema(ctx context.Context, _ ID) (*Schema, error) {
	return a.say(ctx, a.asked.Add(1))
}

func text(s *Schema) (string, error) {
	if err := s.Is(Avro); err != nil {
		return "", err
	}
	return s.Text, nil
}

var seven = ID{Kind: Confluent, Number: 7}

func TestResolverWaitsForAnAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &answers{kind: Confluent, say: func(_ context.Context, n int32) (*Schema, error) {
			if n < 12 {
				return nil, errors.New("down")
			}
			return &Schema{Type: Avro, Text: "the schema"}, nil
		}}
		var outages []Outage
		r := NewResolver(ResolverConfig{Waiting: func(o Outage) { outages = append(outages, o) }}, source, text)
		payload := appendHeader(nil, seven)
		payload = append(payload, "body"...)
		if id, missing := r.Missing(payload); id != seven || !missing {
			t.Fatalf("got %v %t", id, missing)
		}
		if _, _, err := r.Open(payload); !errors.Is(err, ErrNotFetched) {
			t.Fatalf("got %v before it was fetched", err)
		}
		begin := time.Now()
		if err := r.Fetch(t.Context(), seven); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begin); took < time.Minute || took > 5*time.Minute || len(outages) != 11 {
			t.Errorf("took %v and told of %d outages", took, len(outages))
		}
		if last := outages[10]; last.Next > longestWait || last.Next < longestWait/2 || last.For == 0 || last.ID != seven || last.Err.Error() != "down" {
			t.Errorf("the last outage is %+v", last)
		}
		if _, missing := r.Missing(payload); missing {
			t.Error("it is still missing")
		}
		got, body, err := r.Open(payload)
		if got != "the schema" || string(body) != "body" || err != nil {
			t.Errorf("got %q %q %v", got, body, err)
		}
	})
}

// A registry that refuses ends the job where it never let us in, and is an outage like any other where it did.
func TestResolverRefused(t *testing.T) {
	refusal := fmt.Errorf("%w: it refuses the token", ErrUnusable)
	synctest.Test(t, func(t *testing.T) {
		r := NewResolver(ResolverConfig{}, &answers{kind: Confluent, say: func(context.Context, int32) (*Schema, error) { return nil, refusal }}, text)
		began := time.Now()
		err := r.Fetch(t.Context(), seven)
		if took := time.Since(began); !errors.Is(err, ErrUnusable) || took < DefaultPatience || took > DefaultPatience+longestWait {
			t.Errorf("after %s: got %v", took, err)
		}
		mended := NewResolver(ResolverConfig{}, &answers{kind: Confluent, say: func(_ context.Context, n int32) (*Schema, error) {
			if n > 1 && n < 20 {
				return nil, refusal
			}
			return &Schema{Type: Avro, Text: "the schema"}, nil
		}}, text)
		for n := range uint32(2) {
			if err := mended.Fetch(t.Context(), ID{Kind: Confluent, Number: n}); err != nil {
				t.Errorf("schema %d, behind an outage: %v", n, err)
			}
		}
	})
}

func TestResolverNotFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &answers{kind: Confluent, say: func(_ context.Context, n int32) (*Schema, error) {
			if n == 1 {
				return nil, fmt.Errorf("%w (40403)", ErrNotFound)
			}
			return &Schema{Type: Avro, Text: "new"}, nil
		}}
		r := NewResolver(ResolverConfig{}, source, text)
		payload := appendHeader(nil, seven)
		if err := r.Fetch(t.Context(), seven); err != nil {
			t.Fatal(err)
		}
		_, _, err := r.Open(payload)
		if !errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), "schema 7") {
			t.Fatalf("got %v", err)
		}
		if _, missing := r.Missing(payload); missing {
			t.Error("it is asked for again at once")
		}
		time.Sleep(DefaultForget)
		if _, missing := r.Missing(payload); !missing {
			t.Fatal("it is never asked for again")
		}
		if err := r.Fetch(t.Context(), seven); err != nil {
			t.Fatal(err)
		}
		if got, _, err := r.Open(payload); got != "new" || err != nil {
			t.Errorf("got %q %v", got, err)
		}
	})
}

func TestResolverAsksOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &answers{kind: Confluent, say: func(ctx context.Context, _ int32) (*Schema, error) {
			select {
			case <-time.After(time.Second):
				return &Schema{Type: Avro}, nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}}
		r := NewResolver(ResolverConfig{}, source, text)
		leader, stop := context.WithCancelCause(t.Context())
		gone := errors.New("this lane ends")
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := r.Fetch(leader, seven); !errors.Is(err, gone) {
				t.Errorf("the first got %v", err)
			}
		})
		synctest.Wait()
		for range 10 {
			wg.Go(func() {
				if err := r.Fetch(t.Context(), seven); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		stop(gone)
		wg.Wait()
		if n := source.asked.Load(); n != 2 {
			t.Errorf("asked %d times, want once for the one that left and once for all others", n)
		}
	})
}

func TestResolverGivesUpOnlyOneQuestion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &answers{kind: Confluent, say: func(ctx context.Context, n int32) (*Schema, error) {
			if n > 1 {
				return &Schema{Type: Protobuf}, nil
			}
			<-ctx.Done()
			return nil, ctx.Err()
		}}
		r := NewResolver(ResolverConfig{}, source, text)
		begin := time.Now()
		if err := r.Fetch(t.Context(), seven); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begin); took < DefaultTimeout || took > DefaultTimeout+firstWait {
			t.Errorf("took %v", took)
		}
		_, _, err := r.Open(appendHeader(nil, seven))
		if err == nil || err.Error() != `using schema 7 of the registry: its type is "PROTOBUF": AVRO is asked for` {
			t.Errorf("got %v", err)
		}
	})
}

func TestResolverForgetsWhatIsNotThere(t *testing.T) {
	source := &answers{kind: Confluent}
	source.say = func(_ context.Context, n int32) (*Schema, error) {
		if n == 1 {
			return &Schema{Type: Avro, Text: "mine"}, nil
		}
		return nil, ErrNotFound
	}
	r := NewResolver(ResolverConfig{MaxKnown: 10}, source, text)
	for n := range uint32(100) {
		if err := r.Fetch(t.Context(), ID{Kind: Confluent, Number: n}); err != nil {
			t.Fatal(err)
		}
	}
	if got, _, err := r.Open(appendHeader(nil, ID{Kind: Confluent})); got != "mine" || err != nil || len(r.known) != 10 {
		t.Errorf("got %q %v, and %d are known", got, err, len(r.known))
	}
}

func TestOpenGlue(t *testing.T) {
	source := &answers{kind: Glue, say: func(context.Context, int32) (*Schema, error) { return &Schema{Type: Avro, Text: "s"}, nil }}
	r := NewResolver(ResolverConfig{MaxUnpacked: 1000}, source, text)
	id := ID{Kind: Glue, UUID: [16]byte{0xb7, 0xb4, 15: 0x40}}
	if err := r.Fetch(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	packed := func(body string) []byte {
		var out bytes.Buffer
		out.Write(appendHeader(nil, id))
		out.Bytes()[1] = glueZlib
		w := zlib.NewWriter(&out)
		_, _ = w.Write([]byte(body))
		_ = w.Close()
		return out.Bytes()
	}
	if _, body, err := r.Open(packed("body")); string(body) != "body" || err != nil {
		t.Errorf("got %q %v", body, err)
	}
	if _, body, err := r.Open(appendHeader(nil, id)); len(body) != 0 || err != nil {
		t.Errorf("got %q %v", body, err)
	}
	for name, payload := range map[string][]byte{
		"a bomb": packed(strings.Repeat("b", 1001)), "damage": packed("body")[:glueLen+4], "Confluent's": appendHeader(nil, seven),
		"JSON": []byte("{}"), "nothing": nil, "a short one": packed("")[:10],
	} {
		if _, _, err := r.Open(payload); err == nil || errors.Is(err, ErrNotFetched) {
			t.Errorf("%s: got %v", name, err)
		}
		if _, missing := r.Missing(payload); missing {
			t.Errorf("%s is waited for", name)
		}
	}
}
