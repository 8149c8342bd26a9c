package protobuf_test

import (
	"testing"
	"time"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

// TestFieldReader shows what fields are: values of their types, and a time where the message has a Timestamp.
func TestFieldReader(t *testing.T) {
	payload := newOracle(t, "reading.proto", "fleet.Reading").write(t, reading)
	list := [][]string{{"device_id"}, {"sequence"}, {"speed"}, {"at"}, {"status"}, {"labels", "depot"}, {"Battery", "charging"}, {"samples"}, {"nope"}, {"Battery", "nope"}}
	want := []string{`"truck-00417"`, "9007199254740993", "83.5", `"2024-05-01T10:00:00.123Z"`, `"STATUS_MOVING"`, `"north"`, "true", "[1.25,2.5,3.75,5.125]", "null", "null"}
	row := make([]record.Value, len(list))
	if err := load(t, "reading.proto", "fleet.Reading").FieldReader(paths(list...)).Project(payload, &record.Batch{}, row); err != nil {
		t.Fatal(err)
	}
	for i := range list {
		if got := string(format.Append(nil, &row[i])); got != want[i] {
			t.Errorf("%v: got %s, want %s", list[i], got, want[i])
		}
	}
	at, ok := row[3].Time()
	if moment := time.Date(2024, 5, 1, 10, 0, 0, 123e6, time.UTC); !ok || !at.Equal(moment) {
		t.Errorf("got %v, %v, want the time %v", at, ok, moment)
	}
}

// TestFieldReaderWhole wants the document besides, and one field twice.
func TestFieldReaderWhole(t *testing.T) {
	payload := newOracle(t, "shared/place.proto", "test.shared.Place").write(t, `{"name":"a","point":{"lat":1}}`)
	p := paths([]string{"name"}, []string{"name"}, []string{"point"}, []string{"point", "lat"})
	p.WantWhole(4)
	row := make([]record.Value, 5)
	if err := load(t, "shared/place.proto", "test.shared.Place").FieldReader(p).Project(payload, &record.Batch{}, row); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{`"a"`, `"a"`, `{"lat":1,"lon":0}`, "1", `{"name":"a","point":{"lat":1,"lon":0}}`} {
		if got := string(format.Append(nil, &row[i])); got != want {
			t.Errorf("slot %d: got %s, want %s", i, got, want)
		}
	}
}

// TestFieldReaderOfStruct reads a payload whose fields no schema knows.
func TestFieldReaderOfStruct(t *testing.T) {
	o := newOracle(t, "everything.proto", "google.protobuf.Struct")
	payload := o.write(t, `{"a.b":1,"c":{"d":"x"}}`)
	p := format.NewProjection()
	p.Want(format.Path{Names: []string{"a", "b"}, Dotted: 2}, 0)
	p.Want(format.Path{Names: []string{"c", "d"}, Dotted: 2}, 1)
	row := make([]record.Value, 2)
	if err := load(t, "everything.proto", "google.protobuf.Struct").FieldReader(p).Project(payload, &record.Batch{}, row); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"1", `"x"`} {
		if got := string(format.Append(nil, &row[i])); got != want {
			t.Errorf("slot %d: got %s, want %s", i, got, want)
		}
	}
}

// TestFieldReaderAllocatesNothing holds the reason why it is there.
func TestFieldReaderAllocatesNothing(t *testing.T) {
	payload := newOracle(t, "reading.proto", "fleet.Reading").write(t, reading)
	list := [][]string{{"device_id"}, {"sequence"}, {"speed"}, {"latitude"}, {"at"}, {"status"}, {"ignition"}, {"labels", "depot"}, {"Battery", "volts"}, {"fingerprint"}, {"tags"}}
	r := load(t, "reading.proto", "fleet.Reading").FieldReader(paths(list...))
	row := make([]record.Value, len(list))
	var batch record.Batch
	got := testing.AllocsPerRun(100, func() {
		batch.Reset()
		if err := r.Project(payload, &batch, row); err != nil {
			t.Fatal(err)
		}
	})
	if got > 0 {
		t.Errorf("got %v allocations a payload, want none", got)
	}
}

// TestTranscoderAllocatesNothing holds that a warm Transcoder and Transcriber make no garbage.
func TestTranscoderAllocatesNothing(t *testing.T) {
	s := load(t, "reading.proto", "fleet.Reading")
	payload := newOracle(t, "reading.proto", "fleet.Reading").write(t, reading)
	reader, dst := s.Transcoder(), []byte(nil)
	got := testing.AllocsPerRun(100, func() {
		var err error
		if dst, err = reader.AppendJSON(dst[:0], payload); err != nil {
			t.Fatal(err)
		}
	})
	if got > 0 {
		t.Errorf("got %v allocations a payload, want none", got)
	}
}
