package main

import (
	"bytes"
	"encoding/json"
	"hash/fnv"
	"os"
	"strconv"
	"strings"

	"github.com/kstream/kstream/pkg/record"
)

// look reads --color, and sees who looks. auto is colours at a terminal, unless NO_COLOR (https://no-color.org) is set or
// the terminal has none.
func (o *consumeOptions) look(t *terminal) look {
	l := look{person: isTerminal(t.out)}
	switch o.colour {
	case "always":
		l.colour = true
	case "auto":
		l.colour = l.person && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	}
	return l
}

// What a terminal takes as a change of colour: the ones that are readable on a dark and on a light ground.
const (
	plain  = "\x1b[0m"
	red    = "\x1b[31m"
	yellow = "\x1b[33m"
	faint  = "\x1b[2m"
)

// shardColours leave out red and yellow, which are those of levels.
var shardColours = []string{"\x1b[36m", "\x1b[32m", "\x1b[35m", "\x1b[34m", "\x1b[96m", "\x1b[92m", "\x1b[95m", "\x1b[94m"}

// shardColour returns the colour of a shard. Shards that were made one after the other have different ones.
func shardColour(p *record.Partition) string {
	_, digits, _ := strings.Cut(p.Shard, "-")
	if n, err := strconv.ParseUint(digits, 10, 64); err == nil {
		return shardColours[n%uint64(len(shardColours))]
	}
	h := fnv.New32a()
	h.Write([]byte(p.Shard))
	return shardColours[h.Sum32()%uint32(len(shardColours))]
}

// levelColour returns the colour of a JSON record's log level, "" where it has none that stands out.
func levelColour(data []byte) string {
	var r struct{ Level, Severity, Lvl, LevelName, LogLevel, Log json.RawMessage }
	if len(data) == 0 || data[0] != '{' || json.Unmarshal(data, &r) != nil {
		return ""
	}
	if level := struct{ Level json.RawMessage }{}; json.Unmarshal(r.Log, &level) == nil && r.Level == nil {
		r.Level = level.Level // the Elastic Common Schema's log.level
	}
	for _, level := range []json.RawMessage{r.Level, r.Severity, r.Lvl, r.LevelName, r.LogLevel} {
		if level != nil {
			return colourOf(level)
		}
	}
	return ""
}

// colourOf returns the colour of a level: a word, or one of the numbers that pino and bunyan write.
func colourOf(level json.RawMessage) string {
	if n, err := strconv.Atoi(string(level)); err == nil {
		switch {
		case n >= 50:
			return red
		case n >= 40:
			return yellow
		case n > 0 && n <= 20:
			return faint
		}
		return ""
	}
	var word string
	if json.Unmarshal(level, &word) != nil {
		return ""
	}
	switch strings.ToLower(word) {
	case "error", "err", "fatal", "critical", "crit", "panic", "dpanic", "alert", "emerg", "emergency", "severe":
		return red
	case "warn", "warning":
		return yellow
	case "debug", "trace", "verbose", "fine", "finer", "finest":
		return faint
	}
	return ""
}

// paint appends text in a colour, line by line: what pages or cuts lines then shows each of them as it is.
func paint(dst []byte, colour string, text []byte) []byte {
	if colour == "" {
		return append(dst, text...)
	}
	for line := range bytes.Lines(text) {
		body, ended := bytes.CutSuffix(line, []byte("\n"))
		if len(body) > 0 {
			dst = append(append(append(dst, colour...), body...), plain...)
		}
		if ended {
			dst = append(dst, '\n')
		}
	}
	return dst
}
