package config

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/kstream/kstream/pkg/operator/nearest"
	"github.com/kstream/kstream/pkg/record"
)

// shardSequence is a place in a shard.
var shardSequence = regexp.MustCompile(`^(shardId-[0-9]{12}):([0-9]+)$`)

func (p *parser) from() From {
	text := p.text("FROM")
	switch text {
	case "oldest":
		return From{Position: record.Position{Where: record.Oldest}}
	case "latest":
		return From{Position: record.Position{Where: record.Latest}}
	}
	if m := shardSequence.FindStringSubmatch(text); m != nil {
		sequence := cmp.Or(strings.TrimLeft(m[2], "0"), "0")
		return From{Position: record.Position{Where: record.At, Sequence: record.Sequence(sequence)}, Shard: m[1]}
	}
	moment, err := ParseMoment(text)
	switch {
	case err != nil && strings.HasPrefix(text, "shardId-"):
		p.fault("FROM", "%q is no place in a shard: shardId-000000000000:SEQUENCE, the sequence number in digits", text)
	case err != nil && nearest.Of(text, []string{"oldest", "latest"}) != "":
		p.fault("FROM", "%q is no place to begin; did you mean %s?", text, nearest.Of(text, []string{"oldest", "latest"}))
	case err != nil:
		p.fault("FROM", "%v; or oldest, latest, or shardId-000000000000:SEQUENCE", err)
	case moment.Time.IsZero():
		return From{Position: record.Position{Where: record.Latest}, Ago: moment.Ago}
	}
	return From{Position: record.Position{Where: record.AtTime, Time: record.MillisOf(moment.Time)}}
}

func (p *parser) until() *Until {
	text := p.orNone("UNTIL")
	if text == "" {
		return nil
	}
	u := &Until{Setting: text}
	if text == "now" {
		return u
	}
	moment := try(p, "UNTIL", ParseMoment)
	if u.Ago = moment.Ago; !moment.Time.IsZero() {
		u.Time = record.MillisOf(moment.Time)
	}
	return u
}
