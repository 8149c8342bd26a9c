// Package verbs formats records by a format of kcat's and rpk's kind: "%t %p %o %k %s\n".
package verbs

import (
	"fmt"
	"slices"
	"strings"
)

// Format is a parsed format. It is safe for many goroutines.
type Format []piece

// piece is text, or a verb.
type piece struct {
	text string
	verb byte // 0 for text
	mod  string
}

// known is what may stand behind a %, and what they stand for.
const known = "%s payload, %k partition key, %t stream, %p shard, %o sequence number, %T arrival in milliseconds, %S size of the payload in bytes, %% a percent sign"

// modifiers are what may stand in braces behind a verb.
var modifiers = map[byte][]string{'s': {"hex", "base64"}, 'k': {"hex", "base64"}, 'T': {"rfc3339"}}

// Parse reads a format. One without any % or \ is refused: it would print the same text for each record, and is most
// likely a value meant for another flag.
func Parse(s string) (Format, error) {
	if !strings.ContainsAny(s, `%\`) {
		return nil, fmt.Errorf("the format %q has no %% and no \\ in it: verbs are %s (following the stream is the default, and has no flag)", s, known)
	}
	var f Format
	var text strings.Builder
	flush := func() {
		if text.Len() > 0 {
			f = append(f, piece{text: text.String()})
			text.Reset()
		}
	}
	for i := 0; i < len(s); i++ {
		if s[i] != '%' && s[i] != '\\' {
			text.WriteByte(s[i])
			continue
		}
		if i+1 == len(s) {
			return nil, fmt.Errorf("the format %q ends in the middle of a verb", s)
		}
		i++
		if s[i-1] == '\\' {
			c, err := escape(s[i])
			if err != nil {
				return nil, err
			}
			text.WriteByte(c)
			continue
		}
		switch s[i] {
		case '%':
			text.WriteByte('%')
		case 's', 'k', 't', 'p', 'o', 'T', 'S':
			flush()
			mod, err := modifier(s[i], s[i+1:])
			if err != nil {
				return nil, err
			}
			f = append(f, piece{verb: s[i], mod: mod})
			if mod != "" {
				i += len("{}") + len(mod)
			}
		default:
			return nil, fmt.Errorf("there is no verb %%%c: %s", s[i], known)
		}
	}
	flush()
	return f, nil
}

func escape(c byte) (byte, error) {
	switch c {
	case 'n':
		return '\n', nil
	case 't':
		return '\t', nil
	case 'r':
		return '\r', nil
	case '0':
		return 0, nil
	case '\\':
		return '\\', nil
	}
	return 0, fmt.Errorf(`there is no escape \%c: \n, \t, \r, \0 and \\ are`, c)
}

// modifier reads the modifier that rest begins with, "" where it begins with no brace.
func modifier(verb byte, rest string) (string, error) {
	if !strings.HasPrefix(rest, "{") {
		return "", nil
	}
	mod, _, closed := strings.Cut(rest[1:], "}")
	switch {
	case len(modifiers[verb]) == 0:
		return "", fmt.Errorf("the verb %%%c takes no modifier: %%s{hex}, %%s{base64}, %%k{hex}, %%k{base64} and %%T{rfc3339} are", verb)
	case !closed || !slices.Contains(modifiers[verb], mod):
		return "", fmt.Errorf("there is no modifier %%%c{%s}: it is {%s}", verb, mod, strings.Join(modifiers[verb], "} or {"))
	}
	return mod, nil
}
