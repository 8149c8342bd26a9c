// Package synthetic makes records that look like those people keep streams for: application logs, measurements of
// devices, quotes, posts. The same seed makes the same records.
package synthetic

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// Generator makes records. One goroutine.
type Generator struct {
	rand *rand.Rand
	make func(g *Generator, at time.Time) (key string, record any)
	// last is where quotes and sensors are, so that they move and don't jump.
	last map[string]float64
	n    int
}

var kinds = map[string]func(g *Generator, at time.Time) (string, any){
	"logs": (*Generator).log, "iot": (*Generator).measurement, "quotes": (*Generator).quote, "posts": (*Generator).post,
}

// Kinds returns the names of what can be made.
func Kinds() []string { return []string{"logs", "iot", "quotes", "posts"} }

// New returns a generator of that kind.
func New(kind string, seed uint64) (*Generator, error) {
	f, ok := kinds[kind]
	if !ok {
		return nil, fmt.Errorf("there are no %q: %s", kind, strings.Join(Kinds(), ", "))
	}
	return &Generator{rand: rand.New(rand.NewPCG(seed, 1)), make: f, last: map[string]float64{}}, nil
}

// Next returns the next record, a JSON object in one line, made at that time, and its partition key. The caller owns both.
func (g *Generator) Next(at time.Time) (key string, data []byte) {
	g.n++
	key, record := g.make(g, at)
	data, err := json.Marshal(record)
	if err != nil {
		panic(err) // plain structs always encode
	}
	return key, data
}

func pick[T any](g *Generator, list []T) T { return list[g.rand.IntN(len(list))] }

// walk moves the value called name a little, beginning at start.
func (g *Generator) walk(name string, start, step float64) float64 {
	v, ok := g.last[name]
	if !ok {
		v = start
	}
	v += (g.rand.Float64() - 0.5) * 2 * step
	g.last[name] = v
	return v
}

func round(v float64, digits int) json.Number {
	return json.Number(fmt.Sprintf("%.*f", digits, v))
}

type logRecord struct {
	Time    time.Time `json:"ts"`
	Level   string    `json:"level"`
	Service string    `json:"service"`
	Method  string    `json:"method"`
	Path    string    `json:"path"`
	Status  int       `json:"status"`
	Latency int       `json:"latency_ms"`
	User    string    `json:"user_id"`
	Request string    `json:"request_id"`
	Message string    `json:"message"`
}

func (g *Generator) log(at time.Time) (string, any) {
	r := logRecord{
		Time: at.UTC(), Level: "info", Service: pick(g, []string{"checkout", "search", "cart", "login", "catalog"}),
		Method: pick(g, []string{"GET", "GET", "GET", "POST"}), Path: pick(g, []string{"/", "/items", "/items/42", "/orders", "/health"}),
		Status: 200, Latency: 3 + int(g.rand.ExpFloat64()*40), User: fmt.Sprintf("u%04d", g.rand.IntN(2000)),
		Request: fmt.Sprintf("%08x", g.rand.Uint32()), Message: "request handled",
	}
	switch p := g.rand.Float64(); {
	case p < 0.03:
		r.Level, r.Status, r.Message = "error", pick(g, []int{500, 502, 503}), pick(g, []string{"upstream timed out", "connection reset by peer", "out of stock service unavailable"})
		r.Latency += 1000 + g.rand.IntN(2000)
	case p < 0.10:
		r.Level, r.Status, r.Message = "warn", pick(g, []int{404, 429}), "client error"
	}
	return r.Service, r
}

type measurement struct {
	Time     time.Time   `json:"ts"`
	Device   string      `json:"device_id"`
	Site     string      `json:"site"`
	Celsius  json.Number `json:"temperature_c"`
	Humidity json.Number `json:"humidity_pct"`
	Battery  json.Number `json:"battery_v"`
	Sequence int         `json:"seq"`
}

func (g *Generator) measurement(at time.Time) (string, any) {
	device := fmt.Sprintf("sensor-%03d", g.rand.IntN(60))
	return device, measurement{
		Time: at.UTC(), Device: device, Site: "site-" + device[len(device)-1:], Sequence: g.n,
		Celsius:  round(g.walk("t"+device, 21, 0.6), 2),
		Humidity: round(min(100, max(0, g.walk("h"+device, 50, 1))), 1),
		Battery:  round(max(2.9, g.walk("b"+device, 3.7, 0.005)), 3),
	}
}

type quote struct {
	Time   time.Time   `json:"ts"`
	Symbol string      `json:"symbol"`
	Bid    json.Number `json:"bid"`
	Ask    json.Number `json:"ask"`
	Last   json.Number `json:"last"`
	Size   int         `json:"size"`
	Venue  string      `json:"venue"`
}

func (g *Generator) quote(at time.Time) (string, any) {
	symbol := pick(g, []string{"AMZN", "AAPL", "MSFT", "NVDA", "SAP", "ASML", "TM", "NVO"})
	last := max(1, g.walk(symbol, 80+float64(len(symbol)*symbolBase(symbol)), 0.4))
	spread := 0.01 + g.rand.Float64()*0.05
	return symbol, quote{
		Time: at.UTC(), Symbol: symbol, Bid: round(last-spread, 2), Ask: round(last+spread, 2), Last: round(last, 2),
		Size: 100 * (1 + g.rand.IntN(20)), Venue: pick(g, []string{"XNAS", "XNYS", "XETR"}),
	}
}

// symbolBase sets symbols apart, so that no two begin at one price.
func symbolBase(symbol string) int { return int(symbol[0]-'A') + int(symbol[1]-'A') }

type post struct {
	Time   time.Time `json:"ts"`
	ID     int       `json:"id"`
	Author author    `json:"author"`
	Text   string    `json:"text"`
	Tags   []string  `json:"tags"`
	Lang   string    `json:"lang"`
	Likes  int       `json:"likes"`
	// Of is the post that this one passes on, if it does.
	Of int `json:"repost_of,omitempty"`
}

type author struct {
	Name      string `json:"name"`
	Followers int    `json:"followers"`
}

func (g *Generator) post(at time.Time) (string, any) {
	name := pick(g, []string{"ada", "grace", "linus", "margaret", "dennis", "barbara", "ken", "frances"})
	topic := pick(g, []string{"golang", "kinesis", "streams", "coffee", "cats"})
	of := 0
	if g.n > 20 && g.rand.IntN(10) == 0 {
		of = 1_000_000 + g.n - 1 - g.rand.IntN(20)
	}
	return name, post{
		Time: at.UTC(), ID: 1_000_000 + g.n, Of: of, Author: author{name, int(g.rand.ExpFloat64() * 3000)},
		Text: pick(g, []string{"just shipped something with #", "anyone else into #", "today's thread is about #", "hot take on #"}) + topic,
		Tags: []string{topic}, Lang: pick(g, []string{"en", "en", "en", "de", "fr", "ja"}), Likes: int(g.rand.ExpFloat64() * 20),
	}
}
