package envelope

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Line is what an envelope says of a record that can be written.
type Line struct {
	// Key is the partition key. It is empty where the record was read without one.
	Key string
	// HashKey is the hash key that decides the shard in the place of Key, as it stands there; "": Key does.
	HashKey string
	// Data is the payload, to the byte as it was. It may alias the line.
	Data []byte
}

// members are those that an envelope has, dead letters included. A JSON object with any other is not one.
var members = map[string]bool{
	"stream": true, "shard": true, "sequence": true, "subsequence": true, "partition_key": true, "arrival": true,
	"data": true, "data_base64": true, "stage": true, "error": true, "key": true, "window_start": true, "window_end": true,
	explicitHashKey: true,
}

// explicitHashKey is the hash key that a record is put with. No envelope that is read has it: a stream keeps it to itself.
const explicitHashKey = "explicit_hash_key"

// Looks reports whether line is an envelope: a JSON object with a payload (data, data_base64), a key (partition_key, or key)
// and no members but those that envelopes have. It is quick for lines that are not.
func Looks(line []byte) bool {
	line = bytes.TrimLeft(line, " \t")
	if len(line) == 0 || line[0] != '{' || !bytes.Contains(line, []byte(`"data`)) || !bytes.Contains(line, []byte(`key"`)) {
		return false
	}
	var raw map[string]json.RawMessage
	if json.Unmarshal(line, &raw) != nil {
		return false
	}
	for name := range raw {
		if !members[name] {
			return false
		}
	}
	return has(raw, "data", "data_base64") && has(raw, "partition_key", "key")
}

func has(raw map[string]json.RawMessage, names ...string) bool {
	for _, name := range names {
		if _, ok := raw[name]; ok {
			return true
		}
	}
	return false
}

// Parse reads an envelope: key and data as people write them, or a line that Append or AppendRejected wrote. Other members
// are passed over. data that is a string is text, anything else is JSON as it stands there; data_base64 comes first. An error
// says what is wrong with the line, or missing.
func Parse(line []byte) (Line, error) {
	var raw struct {
		PartitionKey    *string         `json:"partition_key"`
		Key             json.RawMessage `json:"key"`
		Data            json.RawMessage `json:"data"`
		Base64          *[]byte         `json:"data_base64"`
		ExplicitHashKey json.RawMessage `json:"explicit_hash_key"`
	}
	if err := json.Unmarshal(line, &raw); err != nil {
		return Line{}, fmt.Errorf("reading it as JSON with key and data: %w", err)
	}
	var l Line
	switch {
	case raw.PartitionKey != nil:
		l.Key = *raw.PartitionKey
	case raw.Key == nil:
		return Line{}, errors.New("it has no key")
	case json.Unmarshal(raw.Key, &l.Key) != nil:
		return Line{}, fmt.Errorf("its key is %s, and no string", raw.Key)
	}
	if string(raw.ExplicitHashKey) != "null" {
		l.HashKey = strings.Trim(string(raw.ExplicitHashKey), `"`)
	}
	var err error
	l.Data, err = payload(raw.Data, raw.Base64)
	return l, err
}

// payload returns what data and data_base64 stand for, each nil where it is not there. It may be data itself.
func payload(data json.RawMessage, base64 *[]byte) ([]byte, error) {
	var text string
	switch {
	case base64 != nil:
		return *base64, nil
	case data == nil:
		return nil, errors.New("it has no data")
	case data[0] == '"' && json.Unmarshal(data, &text) == nil:
		return []byte(text), nil
	}
	return data, nil
}
