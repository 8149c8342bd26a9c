// Package syslog reads messages of syslog: RFC 5424's, and RFC 3164's in the forms that programs and devices give it.
package syslog

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/scalar"
	"github.com/kstream/kstream/pkg/record"
)

// Decoder is a format.Transcoder. Which RFC a payload is of is told by the version behind its priority. One goroutine uses
// it.
//
// The fields, of which those are left out that a message does not have, or has as "-":
//
//	facility         "auth", RFC 5424's names in short: kern … local7
//	facility_code    4
//	severity         "crit": emerg, alert, crit, err, warning, notice, info, debug
//	severity_code    2
//	version          1 (RFC 5424)
//	timestamp        RFC 3339: as it was written where it is that, else in UTC
//	hostname         a string
//	app_name         a string; RFC 3164's tag
//	proc_id          a number, or a string where it is none
//	msg_id           a string (RFC 5424)
//	structured_data  an object of objects of strings: {"origin":{"ip":"192.0.2.1"}} (RFC 5424)
//	message          a string
//
// Of parameters with one name in an element, and of elements with one name, all are there, and the last one counts.
type Decoder struct {
	near record.Millis
	text []byte
	at   int
	dst  []byte
	buf  []byte // a value that has escapes
}

// New returns a decoder. Near has to be called before a first payload of RFC 3164.
func New() *Decoder { return &Decoder{} }

// Near says when the payloads that follow arrived: a time of RFC 3164 has no year, and is in the one that puts it nearest.
func (d *Decoder) Near(arrival record.Millis) { d.near = arrival }

func fault(at int, problem string) error {
	return fmt.Errorf("the payload is not syslog: %s at byte %d", problem, at)
}

// AppendJSON appends the message of payload as an object. A line's end behind it is not part of it, nor is a NUL.
func (d *Decoder) AppendJSON(dst, payload []byte) ([]byte, error) {
	if _, err := format.Text(payload); err != nil {
		return dst, err
	}
	payload = bytes.TrimSuffix(payload, []byte{0})
	payload = bytes.TrimSuffix(payload, []byte{'\n'})
	payload = bytes.TrimSuffix(payload, []byte{'\r'})
	if len(payload) == 0 {
		return dst, format.ErrEmpty
	}
	from := len(dst)
	d.text, d.at, d.dst = payload, 0, dst
	err := d.message()
	dst, d.dst, d.text = d.dst, nil, nil
	if err != nil {
		return dst, err
	}
	dst[from] = '{' // in the first comma's place
	return append(dst, '}'), nil
}

func (d *Decoder) message() error {
	if d.text[0] != '<' { // as syslog daemons write files
		return d.bsd(false)
	}
	if err := d.priority(); err != nil {
		return err
	}
	if rest := d.text[d.at:]; len(rest) > 1 && rest[0] == '1' && rest[1] == ' ' {
		d.at += 2
		d.dst = append(d.dst, `,"version":1`...)
		return d.ietf()
	}
	return d.bsd(true)
}

var errPriority = errors.New("the payload is not syslog: its priority is no number from 0 to 191 in angle brackets")

// priority reads <34>, which is 8 times the facility and the severity.
func (d *Decoder) priority() error {
	const most, longest = 191, 3
	end := bytes.IndexByte(d.text[:min(len(d.text), longest+2)], '>')
	if end < 2 {
		return errPriority
	}
	n := 0
	for _, c := range d.text[1:end] {
		if c < '0' || c > '9' {
			return errPriority
		}
		n = n*10 + int(c-'0')
	}
	if n > most {
		return errPriority
	}
	d.at = end + 1
	d.level("facility", facilities[n/8], n/8)
	d.level("severity", severities[n%8], n%8)
	return nil
}

// The names of RFC 5424's table 1 that syslog.h and rsyslog use for them.
var facilities = [...]string{
	"kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp",
	"ntp", "audit", "alert", "clock", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
}

var severities = [...]string{"emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"}

func (d *Decoder) level(name, value string, code int) {
	d.dst = append(append(append(d.dst, `,"`...), name...), `":"`...)
	d.dst = append(append(append(append(d.dst, value...), `","`...), name...), `_code":`...)
	d.dst = strconv.AppendInt(d.dst, int64(code), 10)
}

// token returns what stands before the next space, and passes that by.
func (d *Decoder) token() []byte {
	rest := d.text[d.at:]
	if n := bytes.IndexByte(rest, ' '); n >= 0 {
		d.at += n + 1
		return rest[:n]
	}
	d.at = len(d.text)
	return rest
}

func isNil(token []byte) bool { return len(token) == 0 || len(token) == 1 && token[0] == '-' }

// field appends a field, unless it is nil. prefix is its name with a comma ahead and a colon behind.
func (d *Decoder) field(prefix string, value []byte) {
	if !isNil(value) {
		d.dst = format.AppendString(append(d.dst, prefix...), value)
	}
}

func (d *Decoder) procID(value []byte) {
	if !isNil(value) {
		d.dst = scalar.AppendInferred(append(d.dst, `,"proc_id":`...), value)
	}
}

var _ format.Transcoder = (*Decoder)(nil)
