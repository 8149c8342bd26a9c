// Package dynamodb reads DynamoDB change records as plain JSON: those of Kinesis Data Streams for DynamoDB, and those of
// DynamoDB Streams as Lambda and its kin pass them on.
//
// What comes out, in this order, and only what the record has:
//
//	event_name                 INSERT, MODIFY or REMOVE
//	table                      the table's name (of DynamoDB Streams: from the stream's ARN)
//	keys                       the item's key attributes
//	new_image, old_image       the item after and before the change, as far as the stream's view has them
//	approximate_creation_time  RFC 3339 in UTC, as precise as the record says
//	event_id, region, sequence_number, stream_view_type, size_bytes
//	user_identity              who did it, where DynamoDB did it itself (time to live)
//	source_arn                 the stream's ARN, of DynamoDB Streams
//
// Members that this package does not know follow under their own names; eventSource, eventVersion and recordFormat, which
// are the same for all records, don't.
//
// Attribute values become plain ones: S a string, N a number with all its digits, B a string of base64, BOOL and NULL
// what they are, M an object, L a list, and the sets SS, NS and BS lists.
package dynamodb

import (
	"bytes"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/cursor"
)

func fault(at int, problem string) error {
	return &format.PayloadError{Format: "a DynamoDB change record", Offset: at, Problem: problem}
}

// Transcoder is a format.Transcoder of change records. The zero value is ready. What it appends is at most twice the
// payload and a hundred bytes.
type Transcoder struct{}

// AppendJSON is format.Transcoder's. A payload that is no JSON is a *format.SyntaxError, one that is no change record a
// *format.PayloadError.
func (Transcoder) AppendJSON(dst, payload []byte) ([]byte, error) {
	c, err := cursor.New(payload)
	if err != nil {
		return dst, err
	}
	var r change
	if err := r.read(c); err != nil {
		return dst, err
	}
	w := writer{dst: append(dst, '{')}
	w.change(&r)
	w.dst = append(w.dst, '}')
	return w.dst, w.err
}

// change is where the parts of a change record stand: as they are written, nil for what it does not have.
type change struct {
	fields   [len(fieldNames)][]byte
	images   [len(imageNames)]part
	time     part
	unit     []byte
	unknown  [][2][]byte // names, in quotes, and values
	isRecord bool
}

// part is a place to read from, there is false where the record has no such member.
type part struct {
	at    cursor.Cursor
	there bool
}

// field is a member that is copied.
type field uint8

const (
	eventName field = iota
	table
	eventID
	region
	sequenceNumber
	viewType
	sizeBytes
	userIdentity
	sourceARN
)

var fieldNames = [...]string{
	`"event_name":`, `"table":`, `"event_id":`, `"region":`, `"sequence_number":`, `"stream_view_type":`, `"size_bytes":`, `"user_identity":`,
	`"source_arn":`,
}

var imageNames = [...]string{`"keys":`, `"new_image":`, `"old_image":`}

// read finds the record's parts. Of several members of a name the last counts.
func (r *change) read(c cursor.Cursor) error {
	if c.Kind() != '{' {
		return fault(c.Offset(), "it is no JSON object")
	}
	begin := c.Offset()
	for more := c.Enter(); more; more = c.More() {
		switch name := c.Name(); string(name) {
		case `"dynamodb"`:
			if err := r.readChange(&c); err != nil {
				return err
			}
		case `"eventSource"`, `"eventVersion"`, `"recordFormat"`:
			c.Value()
		case `"eventName"`:
			r.fields[eventName] = c.Value()
		case `"eventID"`:
			r.fields[eventID] = c.Value()
		case `"tableName"`:
			r.fields[table] = c.Value()
		case `"awsRegion"`:
			r.fields[region] = c.Value()
		case `"eventSourceARN"`:
			r.fields[sourceARN] = c.Value()
		case `"userIdentity"`:
			if r.fields[userIdentity] = c.Value(); r.fields[userIdentity][0] == 'n' {
				r.fields[userIdentity] = nil
			}
		default:
			r.unknown = append(r.unknown, [2][]byte{name, c.Value()})
		}
	}
	if !r.isRecord {
		return fault(begin, `the object has no member "dynamodb" with "Keys"`)
	}
	if r.fields[table] == nil {
		r.fields[table] = tableOf(r.fields[sourceARN])
	}
	return nil
}

// readChange finds the parts of the member "dynamodb".
func (r *change) readChange(c *cursor.Cursor) error {
	if c.Kind() != '{' {
		return fault(c.Offset(), `the member "dynamodb" is no object`)
	}
	for more := c.Enter(); more; more = c.More() {
		name := c.Name()
		here := part{*c, true}
		value := c.Value()
		switch string(name) {
		case `"Keys"`:
			r.images[0], r.isRecord = here, true
		case `"NewImage"`:
			r.images[1] = here
		case `"OldImage"`:
			r.images[2] = here
		case `"ApproximateCreationDateTime"`:
			r.time = here
		case `"ApproximateCreationDateTimePrecision"`:
			r.unit = value
		case `"SequenceNumber"`:
			r.fields[sequenceNumber] = value
		case `"StreamViewType"`:
			r.fields[viewType] = value
		case `"SizeBytes"`:
			r.fields[sizeBytes] = value
		default:
			r.unknown = append(r.unknown, [2][]byte{name, value})
		}
	}
	return nil
}

// tableOf takes the table's name, in quotes, out of a stream's ARN: arn:aws:dynamodb:eu-west-1:123456789012:table/T/stream/….
func tableOf(arn []byte) []byte {
	_, behind, ok := bytes.Cut(arn, []byte(":table/"))
	name, _, isStream := bytes.Cut(behind, []byte("/stream/"))
	if !ok || !isStream {
		return nil
	}
	return append(append([]byte{'"'}, name...), '"')
}
