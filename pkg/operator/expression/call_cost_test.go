package expression

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

// costs is one record over which programs run again and again, as in a lane.
type costs struct {
	n     *fields
	batch *record.Batch
	recs  []record.Record
	part  record.Partition
	frame Frame
}

func (c *costs) run(t testing.TB, p *Program, projector *format.Projector) (record.Value, error) {
	c.batch.Fill(&c.part, c.recs)
	r := &c.batch.Records[0]
	if err := projector.Project(r.Data, c.batch, c.batch.Row(r)); err != nil {
		t.Fatal(err)
	}
	return p.Run(&c.frame, c.batch, r)
}

func newCosts(t testing.TB, src, doc string) (c *costs, p *Program) {
	c = &costs{n: &fields{projection: format.NewProjection()}, recs: []record.Record{{Data: []byte(doc)}}}
	p, faults := Compile(src, c.n)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	c.batch = record.NewBatch(c.n.slots)
	return c, p
}

// TestNoAllocations holds that these cost a record no allocation.
func TestNoAllocations(t *testing.T) {
	const doc = `{"ts":"2024-05-01T10:34:56.789Z","log":"01/May/2024:10:34:56 +0000","ip":"10.1.2.3","id":"AAECAwQ=","n":7,"s":"a b/c","row":"a"}`
	for _, src := range []string{
		`truncate(parseTime(ts), "15m")`,
		`truncate(parseTime(log), "1d", "Europe/Berlin")`,
		`formatTime(parseTime(ts), "2006-01-02 15:04", "Europe/Berlin")`,
		`unixMs(parseTime(ts))`,
		`inCIDR(ip, "192.168.0.0/16", "10.0.0.0/8")`,
		`toHex(fromBase64(id))`,
		`urlDecode(urlEncode(s))`,
		`[hash(s), sha256(s), md5(s)]`,
		`redact(s)`,
		`customers[row].tier`,
		`customers[n].tier`,
	} {
		c, p := newCosts(t, src, doc)
		projector := c.n.projection.Projector()
		if v, err := c.run(t, p, projector); err != nil || v.Nil() {
			t.Errorf("%s gave %v, %v", src, v, err)
		}
		if n := testing.AllocsPerRun(100, func() { _, _ = c.run(t, p, projector) }); n > 0 {
			t.Errorf("%s allocates %v times a record", src, n)
		}
	}
}

// TestBounds holds that what a payload may ask of a function has a bound.
func TestBounds(t *testing.T) {
	var names strings.Builder
	for i := range 20_000 {
		names.WriteString("&" + strconv.Itoa(i) + "=1")
	}
	for src, text := range map[string]string{
		`url(s)`:                                           "http://h/?" + names.String(),
		`reduce(1..5000, #acc + toHex(s), "")`:             strings.Repeat("x", 10_000),
		`map(1..10000, urlEncode(s))`:                      strings.Repeat("ä", 10_000),
		"map(1..10000, map(1..10000, redact(s, \"key\")))": "x",
		"map(1..10000, capture(s, `(.)z`, 1))":             strings.Repeat("x", 10_000),
		`map(1..10000, customers["long"])`:                 "",
	} {
		c, p := newCosts(t, src, `{"s":`+strconv.Quote(text)+`}`)
		if _, err := c.run(t, p, c.n.projection.Projector()); !errors.Is(err, errSteps) && !errors.Is(err, errMade) {
			t.Errorf("%s ended with %v, want a bound", src, err)
		}
	}
}

// FuzzFunctions holds that no text takes a function down, and that what comes out is JSON.
func FuzzFunctions(f *testing.F) {
	const all = `[json(s), capture(s, "(?P<a>.)(?P<b>.?)"), url(s), urlEncode(s), inCIDR(s, "10.0.0.0/8", "fd00::/8"), toHex(s),
		hash(s), sha256(s), md5(s), redact(s), redact(s, "k"), customers[s], customers[json(s)]]`
	sources := []string{all, `urlDecode(s)`, `toHex(urlDecode(s))`, `fromBase64(s)`, `toBase64(fromBase64(s))`, `fromHex(s)`,
		`formatTime(truncate(parseTime(s), "week", "Asia/Kolkata"), "2006")`, `truncate(parseTime(s), "7m")`, `parseTime(s, "Jan _2 06", "Asia/Tokyo")`}
	for _, seed := range []string{"", "http://u:p@[::1]:8/%41?a=%ff&b#c", "fd00::1%x", "10.1.2.3", "/w==", "6B", "2024-05-01T10:00:00Z", "Jan  2 24", `{"a":1e999}`, "long", "\xff%"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text := record.Value{Kind: record.String, Text: []byte(s)}
		doc := string(format.Append(nil, &text))
		for _, src := range sources {
			c, p := newCosts(t, src, `{"s":`+doc+`}`)
			v, err := c.run(t, p, c.n.projection.Projector())
			if err != nil {
				continue
			}
			if out := format.Append(nil, &v); !v.Nil() {
				if _, err := format.Validate(out); err != nil {
					t.Errorf("%s gave %s: %v", src, out, err)
				}
			}
		}
	})
}
