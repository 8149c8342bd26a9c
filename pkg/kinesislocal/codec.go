package kinesislocal

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/fxamacker/cbor/v2"
	"github.com/go-json-experiment/json"
)

// codec is one of the service's two wire formats. Member names are the same in both.
type codec interface {
	media() string
	// decode fills the struct that in points to. It keeps nothing of body.
	decode(body []byte, in any) error
	encode(out any) ([]byte, error)
	// page encodes what GetRecords answers.
	page(p *page) []byte
}

// encoded is an answer that is already in the codec's format.
type encoded []byte

var codecs = map[string]codec{
	jsonCodec{}.media(): jsonCodec{},
	cborCodec{}.media(): cborCodec{},
}

var errNoObject = errors.New("Start of structure or map expected")

type jsonCodec struct{}

func (jsonCodec) media() string { return "application/x-amz-json-1.1" }

func (jsonCodec) decode(body []byte, in any) error {
	for _, b := range body {
		switch b {
		case ' ', '\t', '\r', '\n':
			continue
		case '{':
			return json.Unmarshal(body, in)
		}
		break
	}
	return errNoObject
}

func (jsonCodec) encode(out any) ([]byte, error) { return json.Marshal(out) }

// cborCodec is RFC 8949, but for timestamps: tag 1 with an integer of milliseconds, where the RFC has seconds. That is what
// the service and its Java SDK write.
type cborCodec struct{}

func (cborCodec) media() string { return "application/x-amz-cbor-1.1" }

var cborReader, cborWriter = cborModes()

func cborModes() (cbor.DecMode, cbor.EncMode) {
	dec, err := cbor.DecOptions{
		DupMapKey:         cbor.DupMapKeyEnforcedAPF,
		FieldNameMatching: cbor.FieldNameMatchingCaseSensitive,
		IndefLength:       cbor.IndefLengthAllowed,
	}.DecMode()
	if err != nil {
		panic(err) // the options are constants
	}
	enc, err := cbor.EncOptions{}.EncMode()
	if err != nil {
		panic(err)
	}
	return dec, enc
}

func (cborCodec) decode(body []byte, in any) error {
	const majorMap = 5
	if len(body) == 0 || body[0]>>5 != majorMap {
		return errNoObject
	}
	return cborReader.Unmarshal(body, in)
}

func (cborCodec) encode(out any) ([]byte, error) { return cborWriter.Marshal(out) }

// timestamp is a time on the wire: seconds with a fraction in JSON, milliseconds under tag 1 in CBOR.
type timestamp millis

// MarshalJSON implements json.Marshaler.
func (t timestamp) MarshalJSON() ([]byte, error) { return appendSeconds(nil, millis(t)), nil }

// UnmarshalJSON implements json.Unmarshaler.
func (t *timestamp) UnmarshalJSON(text []byte) error {
	seconds, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		return fmt.Errorf("%s can not be converted to milliseconds since epoch", text)
	}
	return t.set(seconds * 1000)
}

// set takes milliseconds, within the years that a client can mean.
func (t *timestamp) set(ms float64) error {
	const most = 1e15 // the year 33658
	if !(math.Abs(ms) < most) {
		return fmt.Errorf("%v can not be converted to milliseconds since epoch", ms)
	}
	*t = timestamp(math.Round(ms))
	return nil
}

// MarshalCBOR implements cbor.Marshaler.
func (t timestamp) MarshalCBOR() ([]byte, error) {
	return cborWriter.Marshal(cbor.Tag{Number: 1, Content: int64(t)})
}

// UnmarshalCBOR implements cbor.Unmarshaler.
func (t *timestamp) UnmarshalCBOR(data []byte) error {
	const majorTag = 6
	if len(data) > 0 && data[0]>>5 == majorTag {
		var tag cbor.RawTag
		if err := cborReader.Unmarshal(data, &tag); err != nil {
			return err
		}
		if tag.Number != 1 {
			return fmt.Errorf("tag %d can not be converted to milliseconds since epoch", tag.Number)
		}
		data = tag.Content
	}
	var ms float64
	if err := cborReader.Unmarshal(data, &ms); err != nil {
		return err
	}
	return t.set(ms)
}
