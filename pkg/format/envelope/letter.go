package envelope

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/kstream/kstream/pkg/record"
)

// Letter is a dead letter as it is read back.
type Letter struct {
	Stream, Shard string        // where the record came from; "": it has no position, being a result of many records
	Record        record.Record // as it was read
	Stage, Error  string
}

// letterForm is what a line of AppendRejected holds.
type letterForm struct {
	Stream       string          `json:"stream"`
	Shard        string          `json:"shard"`
	Sequence     string          `json:"sequence"`
	Subsequence  uint32          `json:"subsequence"`
	PartitionKey string          `json:"partition_key"`
	Arrival      time.Time       `json:"arrival"`
	Data         json.RawMessage `json:"data"`
	Base64       *[]byte         `json:"data_base64"`
	Stage        string          `json:"stage"`
	Error        string          `json:"error"`
}

// ParseLetter reads a line that AppendRejected wrote. The letter may alias the line. An error says what makes it no dead
// letter.
func ParseLetter(line []byte) (*Letter, error) {
	var f letterForm
	if err := json.Unmarshal(line, &f); err != nil {
		return nil, fmt.Errorf("it is no dead letter: %w", formError(err))
	}
	data, err := payload(f.Data, f.Base64)
	switch {
	case f.Stage == "":
		err = errors.New("it has no stage")
	case f.Stream == "":
	case f.Shard == "":
		err = errors.New("it has a stream and no shard")
	case !isSequence(f.Sequence):
		err = fmt.Errorf("its sequence is %q", f.Sequence)
	case f.Arrival.IsZero():
		err = errors.New("it has no arrival")
	}
	if err != nil {
		return nil, fmt.Errorf("it is no dead letter: %w", err)
	}
	arrival := record.MillisOf(f.Arrival)
	return &Letter{Stream: f.Stream, Shard: f.Shard, Stage: f.Stage, Error: f.Error, Record: record.Record{
		Data: data, Key: []byte(f.PartitionKey), Sequence: []byte(f.Sequence), Subsequence: f.Subsequence, Arrival: arrival, Event: arrival,
	}}, nil
}

// formError says without words of Go what keeps a line from being read.
func formError(err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return errors.New("it is no JSON")
	case errors.As(err, &kind) && kind.Field == "":
		return errors.New("it is no JSON object")
	case errors.As(err, &kind):
		return fmt.Errorf("its %s can't be of the type %s", kind.Field, kind.Value)
	}
	return err
}

// isSequence reports whether s is a number in decimal, without leading zeros.
func isSequence(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == "" && (s[0] != '0' || s == "0")
}
