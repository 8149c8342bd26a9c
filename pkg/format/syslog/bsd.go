package syslog

import (
	"bytes"
	"errors"

	"github.com/kstream/kstream/pkg/format"
)

var errNeither = errors.New("the payload is not syslog: it begins with neither a priority nor a time")

// bsd reads what stands behind the priority in a message of RFC 3164, which describes what programs did rather than what
// they should do. With a priority everything else may be missing.
func (d *Decoder) bsd(priority bool) error {
	for d.at < len(d.text) && (d.text[d.at] == ' ' || d.text[d.at] == '*') { // routers mark clocks that are not set
		d.at++
	}
	if !d.bsdTime() {
		if !priority {
			return errNeither
		}
		d.tagAndMessage()
		return nil
	}
	d.space()
	if n := wordEnd(d.text[d.at:]); n < len(d.text)-d.at && !isTag(d.text[d.at:d.at+n]) {
		d.field(`,"hostname":`, d.text[d.at:d.at+n])
		d.at += n
	}
	d.space()
	d.tagAndMessage()
	return nil
}

// space passes the one space by that stands between fields, or the colon that some devices put behind their time.
func (d *Decoder) space() {
	if d.at < len(d.text) && d.text[d.at] == ':' {
		d.at++
	}
	if d.at < len(d.text) && d.text[d.at] == ' ' {
		d.at++
	}
}

// isTag reports whether the word in the host's place is a tag already, as in what programs write to /dev/log.
func isTag(word []byte) bool {
	n := len(word)
	return n > 1 && (word[n-1] == ':' || word[n-1] == ']' && word[0] != '[')
}

// tagAndMessage reads su[123]: message. A word without the colon or brackets is part of the message.
func (d *Decoder) tagAndMessage() {
	rest := d.text[d.at:]
	word := rest[:wordEnd(rest)]
	if name, pid, n := tag(word); n > 0 {
		d.field(`,"app_name":`, name)
		d.procID(pid)
		rest = bytes.TrimPrefix(rest[n:], []byte{' '})
	}
	d.dst = format.AppendString(append(d.dst, `,"message":`...), rest)
}

// tag takes a word apart; n is how much of it is the tag, 0 where it is none.
func tag(word []byte) (name, pid []byte, n int) {
	last := len(word) - 1
	for i, c := range word {
		switch {
		case i > 0 && c == ':' && i == last:
			return word[:i], nil, len(word)
		case i > 0 && c == '[':
			end := bytes.IndexByte(word[i:], ']')
			if end < 0 {
				return nil, nil, 0
			}
			if n = i + end + 1; n < len(word) {
				if word[n] != ':' {
					return nil, nil, 0
				}
				return word[:i], word[i+1 : n-1], n + 1
			}
			return word[:i], word[i+1 : n-1], n
		case c == '=' || c == '"' || c == '{' || c == '(':
			return nil, nil, 0
		}
	}
	return nil, nil, 0
}
