package syslog_test

import (
	"regexp"
	"testing"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

var messages = map[string][]byte{
	"RFC 5424": []byte(`<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog 8710 ID47 [exampleSDID@32473 iut="3" eventSource="Application" eventID="1011"] An application event log entry`),
	"RFC 3164": []byte(`<34>Oct 11 22:14:15 mymachine sshd[4711]: Failed password for invalid user admin from 192.0.2.7 port 52144 ssh2`),
}

func TestNoAllocations(t *testing.T) {
	d := decoder()
	dst := make([]byte, 0, 1<<10)
	for name, payload := range messages {
		if n := testing.AllocsPerRun(100, func() {
			if _, err := d.AppendJSON(dst, payload); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	for name, payload := range messages {
		b.Run(name+"/whole", func(b *testing.B) {
			d := decoder()
			b.SetBytes(int64(len(payload)))
			b.ReportAllocs()
			var dst []byte
			for b.Loop() {
				var err error
				if dst, err = d.AppendJSON(dst[:0], payload); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/two fields by way of JSON", func(b *testing.B) {
			d, p := decoder(), format.NewProjection()
			p.Want(format.Path{Names: []string{"severity"}, Dotted: 1}, 0)
			p.Want(format.Path{Names: []string{"hostname"}, Dotted: 1}, 1)
			r, batch, row := p.Projector(), record.NewBatch(0), make([]record.Value, 2)
			b.SetBytes(int64(len(payload)))
			b.ReportAllocs()
			var dst []byte
			for b.Loop() {
				var err error
				batch.Reset()
				if dst, err = d.AppendJSON(dst[:0], payload); err != nil {
					b.Fatal(err)
				}
				if err := r.Project(dst, batch, row); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("RFC 3164/regexp to strings", func(b *testing.B) { // what people write without a parser
		re := regexp.MustCompile(`^<(\d{1,3})>([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) (\S+) ([^\s:\[]+)(?:\[(\d+)\])?: (.*)$`)
		payload := messages["RFC 3164"]
		b.SetBytes(int64(len(payload)))
		b.ReportAllocs()
		for b.Loop() {
			if re.FindSubmatch(payload) == nil {
				b.Fatal("no match")
			}
		}
	})
}
