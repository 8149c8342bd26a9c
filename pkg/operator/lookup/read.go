package lookup

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/operator/expression"
	"github.com/kstream/kstream/pkg/record"
)

// rows are JSON texts by the text of their key.
type rows map[string][]byte

// KeyError says that rows have no field of the key's name.
type KeyError struct {
	Key   string
	Names []string // that the row has
}

// Error implements error.
func (e *KeyError) Error() string {
	return fmt.Sprintf("its rows have no field %s; they have %s", e.Key, strings.Join(e.Names, ", "))
}

// read reads the whole of a regular file: opening a pipe would wait for whoever writes it.
func read(info os.FileInfo, cfg *Config) (rows, error) {
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is no regular file")
	}
	f, err := os.Open(cfg.Path)
	if err != nil {
		return nil, withoutPath(err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxBytes+1))
	if err != nil {
		return nil, withoutPath(err)
	}
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("it is longer than %d MiB, which is what a table may take", MaxBytes>>20)
	}
	r, err := parse(data, cfg.Key)
	if err != nil {
		return nil, asFile(err)
	}
	return r, nil
}

// parse reads CSV with a header, or JSON: that is what begins with a bracket.
func parse(data []byte, key string) (rows, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	p := &parser{rows: rows{}, key: []byte(key)}
	var err error
	switch text := format.Trim(data); {
	case len(text) == 0:
		err = format.ErrEmpty
	case text[0] == '{':
		err = p.objects(text)
	case text[0] == '[':
		err = p.list(text)
	default:
		err = p.csv(data)
	}
	return p.rows, err
}

// parser gathers rows. It is its own arena for the strings that keys are.
type parser struct {
	rows    rows
	key     []byte
	count   int
	text    []byte // of the key at hand
	scratch []byte
}

// Scratch implements format.Arena.
func (p *parser) Scratch() []byte { return p.scratch[:0] }

// Kept implements format.Arena.
func (p *parser) Kept(scratch []byte, from int) []byte {
	p.scratch = scratch
	return scratch[from:]
}

// row adds a row, which is an object that Skip has passed. Of several with one key the last one counts.
func (p *parser) row(raw []byte) error {
	p.count++
	if raw[0] != '{' {
		return fmt.Errorf("row %d is no object", p.count)
	}
	if len(p.key) == 0 {
		return ErrNoKey
	}
	value := format.Member(raw, p.key)
	if value == nil {
		return &KeyError{string(p.key), names(raw)}
	}
	v := format.Parse(value, p)
	switch v.Kind {
	case record.Null:
		return fmt.Errorf("row %d has nothing in the field %s", p.count, p.key)
	case record.List, record.Object:
		return fmt.Errorf("row %d has a list or an object in the field %s, which can be no key", p.count, p.key)
	}
	p.text = expression.AppendKey(p.text[:0], &v)
	p.rows[string(p.text)] = raw
	return nil
}

// ErrNoKey says that a file has rows, and Config no Key to find them by.
var ErrNoKey = errors.New("its rows need a key")

func names(object []byte) (list []string) {
	for w := format.NewWalk(object); w.Next(); {
		list = append(list, string(w.Name))
	}
	return list
}

// asFile has an error about a payload be one about a file.
func asFile(err error) error {
	if key := (*KeyError)(nil); errors.As(err, &key) || !strings.Contains(err.Error(), "the payload") {
		return err
	}
	return errors.New(strings.Replace(err.Error(), "the payload", "it", 1))
}

// withoutPath leaves out the path, which whoever says it says already.
func withoutPath(err error) error {
	if at := (*fs.PathError)(nil); errors.As(err, &at) {
		return at.Err
	}
	return err
}
