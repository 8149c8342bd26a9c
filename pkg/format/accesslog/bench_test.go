package accesslog_test

import (
	"regexp"
	"testing"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/accesslog"
	"github.com/kstream/kstream/pkg/record"
)

var line = []byte(`203.0.113.9 - frank [10/Oct/2000:13:55:36 -0700] "GET /products/4711?ref=\x22mail\x22 HTTP/1.1" 200 23260 ` +
	`"https://www.example.com/start.html" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"` + "\n")

func TestNoAllocations(t *testing.T) {
	d := accesslog.New()
	dst := make([]byte, 0, 1<<10)
	if n := testing.AllocsPerRun(100, func() {
		if _, err := d.AppendJSON(dst, line); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkDecode(b *testing.B) {
	b.Run("whole", func(b *testing.B) {
		d := accesslog.New()
		b.SetBytes(int64(len(line)))
		b.ReportAllocs()
		var dst []byte
		for b.Loop() {
			var err error
			if dst, err = d.AppendJSON(dst[:0], line); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("two fields by way of JSON", func(b *testing.B) {
		d, p := accesslog.New(), format.NewProjection()
		p.Want(format.Path{Names: []string{"path"}, Dotted: 1}, 0)
		p.Want(format.Path{Names: []string{"status"}, Dotted: 1}, 1)
		r, batch, row := p.Projector(), record.NewBatch(0), make([]record.Value, 2)
		b.SetBytes(int64(len(line)))
		b.ReportAllocs()
		var dst []byte
		for b.Loop() {
			var err error
			batch.Reset()
			if dst, err = d.AppendJSON(dst[:0], line); err != nil {
				b.Fatal(err)
			}
			if err := r.Project(dst, batch, row); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("regexp to strings", func(b *testing.B) { // what people write without a parser
		re := regexp.MustCompile(`^(\S+) (\S+) (.+?) \[([^\]]+)\] "(\S+) (.*?) (HTTP/\S+)" (\d+) (\d+|-) "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)"`)
		b.SetBytes(int64(len(line)))
		b.ReportAllocs()
		for b.Loop() {
			if re.FindSubmatch(line) == nil {
				b.Fatal("no match")
			}
		}
	})
}
