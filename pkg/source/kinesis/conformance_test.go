package kinesis

import (
	"testing"
	"testing/synctest"

	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/source/sourcetest"
)

func TestConformance(t *testing.T) {
	sourcetest.Run(t, sourcetest.Harness{
		New: func(t *testing.T) sourcetest.Stream {
			w := newWorld(t)
			w.must(w.server.CreateStream(logs, 2))
			return embedded{w}
		},
		Run: synctest.Test,
	})
}

type embedded struct{ *world }

func (e embedded) Source(*testing.T) record.Source { return e.source(nil) }

func (e embedded) Put(t *testing.T, key, data string) {
	t.Helper()
	if _, _, err := e.server.Put(logs, key, []byte(data)); err != nil {
		t.Fatal(err)
	}
}

func (e embedded) Reshard(t *testing.T) bool {
	t.Helper()
	left, right, err := e.server.Split(logs, shardName(0))
	if err == nil {
		_, err = e.server.Merge(logs, left, right)
	}
	if err == nil {
		_, _, err = e.server.Split(logs, shardName(1))
	}
	if err != nil {
		t.Fatal(err)
	}
	return true
}
