package simulation

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/kstream/kstream/pkg/operator"
)

// flow is a chain, with what it has to make of a payload.
type flow struct {
	chain string
	// lines returns what comes out of a payload, and the stages that refuse it, one for each dead letter.
	lines func(p payload, place string) (lines, refused []string)
	// results returns what windows make of all payloads; nil for a chain without.
	results func(all []arrived) []string
}

// payload is a document of n and key with a few parts, one of which may be bad, or a broken one.
type payload struct {
	n       int
	key     string
	parts   int
	bad     int // the part that can't be handled; -1: none
	drop    bool
	broken  bool
	payload []byte
}

func (flow) make(n int, r *rand.Rand) payload {
	p := payload{n: n, key: fmt.Sprintf("k%d", r.IntN(12)), parts: r.IntN(4), bad: -1, drop: r.IntN(4) == 0, broken: r.IntN(25) == 0}
	if p.parts > 0 && r.IntN(10) == 0 {
		p.bad = r.IntN(p.parts)
	}
	var parts []string
	for i := range p.parts {
		value := fmt.Sprint(n * 1_000_003 << 20)
		if i == p.bad {
			value = "null"
		}
		parts = append(parts, fmt.Sprintf(`{"n":%d,"i":%d,"value":%s}`, n, i, value))
	}
	text := fmt.Sprintf(`{"n":%d,"key":%q,"drop":%t,"parts":[%s],"padding":%q}`, n, p.key, p.drop, strings.Join(parts, ","),
		strings.Repeat("x", r.IntN(200)))
	if p.broken {
		text = text[:len(text)-1]
	}
	p.payload = []byte(text)
	return p
}

// expect returns the lines of output and the dead letters of one record.
func (f flow) expect(p payload, shard, sequence string, sub int) (lines, letters []string) {
	place := fmt.Sprintf("%s/%s/%d", shard, sequence, sub)
	lines, refused := f.lines(p, place)
	for i, stage := range refused {
		letters = append(letters, fmt.Sprintf("%s %s %d", place, stage, i))
	}
	return lines, letters
}

// flows are what runs choose from.
var flows = []flow{
	{chain: "", lines: func(p payload, _ string) ([]string, []string) { return []string{string(p.payload)}, nil }},
	{chain: "filter drop != true", lines: func(p payload, _ string) (lines, refused []string) {
		switch {
		case p.broken:
			refused = []string{"1:decode"}
		case !p.drop:
			lines = []string{string(p.payload)}
		}
		return lines, refused
	}},
	{chain: `map n, key, place = meta.shard + "/" + meta.sequence + "/" + string(meta.subsequence)`, lines: func(p payload, place string) (lines, refused []string) {
		if p.broken {
			return nil, []string{"1:decode"}
		}
		return []string{fmt.Sprintf(`{"n":%d,"key":%q,"place":%q}`, p.n, p.key, place)}, nil
	}},
	{chain: "filter !drop\nflat_map parts\nmap n, i, value = must(value)", lines: func(p payload, _ string) (lines, refused []string) {
		if p.broken {
			return nil, []string{"1:decode"}
		}
		for i := range p.parts {
			switch {
			case p.drop:
			case i == p.bad:
				refused = append(refused, "3:map")
			default:
				lines = append(lines, fmt.Sprintf(`{"n":%d,"i":%d,"value":%d}`, p.n, i, p.n*1_000_003<<20))
			}
		}
		return lines, refused
	}},
}

func (f flow) plan(t *testing.T) *operator.Plan {
	t.Helper()
	plan, err := operator.Compile(operator.Config{Chain: f.chain})
	must(t, err)
	return plan
}

// letters turns lines of a dead-letter file into what the ledger holds. Of the letters of one record the i-th is number i.
func letters(t *testing.T, lines []string) []string {
	t.Helper()
	var all []string
	seen := map[string]int{}
	for _, line := range lines {
		var l struct {
			Shard, Sequence, Stage, Error string
			Subsequence                   int
		}
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatalf("the dead letter %q: %v", line, err)
		}
		if l.Error == "" {
			t.Errorf("the dead letter %s does not say why", line)
		}
		place := fmt.Sprintf("%s/%s/%d %s", l.Shard, l.Sequence, l.Subsequence, l.Stage)
		all = append(all, fmt.Sprintf("%s %d", place, seen[place]))
		seen[place]++
	}
	return all
}
