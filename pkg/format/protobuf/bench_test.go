package protobuf_test

import (
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/kstream/kstream/pkg/record"
)

const reading = `{"id":"01HX5Y7Z2Q9V3M8K4N6P0R1S2T","device_id":"truck-00417","tenant":"acme-logistics","at":"2024-05-01T10:00:00.123Z",
	"sequence":"9007199254740993","status":"STATUS_MOVING","latitude":52.520008,"longitude":13.404954,"speed":83.5,"heading":271.25,
	"satellites":11,"ignition":true,"fingerprint":"3q2+7wABAgM=","samples":[1.25,2.5,3.75,5.125],"tags":["night","refrigerated"],
	"labels":{"route":"B-17","depot":"north"},"Battery":{"percent":81,"volts":12.61,"charging":true},"temperature":-4,
	"trace":"1311768467463790320","firmware":"4.11.2","region":"eu-central-1"}`

// BenchmarkTranscode reads whole messages, beside dynamicpb with protojson.
func BenchmarkTranscode(b *testing.B) {
	o := newOracle(b, "reading.proto", "fleet.Reading")
	payload := o.write(b, reading)
	t := load(b, "reading.proto", "fleet.Reading").Transcoder()
	b.Run("own", func(b *testing.B) {
		b.SetBytes(int64(len(payload)))
		b.ReportAllocs()
		var dst []byte
		for b.Loop() {
			var err error
			if dst, err = t.AppendJSON(dst[:0], payload); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("protojson", func(b *testing.B) {
		b.SetBytes(int64(len(payload)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := o.read(payload); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkProject reads two fields, beside dynamicpb.
func BenchmarkProject(b *testing.B) {
	o := newOracle(b, "reading.proto", "fleet.Reading")
	payload := o.write(b, reading)
	r := load(b, "reading.proto", "fleet.Reading").FieldReader(paths([]string{"device_id"}, []string{"speed"}))
	row := make([]record.Value, 2)
	b.Run("own", func(b *testing.B) {
		b.SetBytes(int64(len(payload)))
		b.ReportAllocs()
		var batch record.Batch
		for b.Loop() {
			if err := r.Project(payload, &batch, row); err != nil {
				b.Fatal(err)
			}
			batch.Reset()
		}
	})
	b.Run("dynamicpb", func(b *testing.B) {
		b.SetBytes(int64(len(payload)))
		b.ReportAllocs()
		device, speed := o.message.Fields().ByName("device_id"), o.message.Fields().ByName("speed")
		for b.Loop() {
			m := dynamicpb.NewMessage(o.message)
			if err := proto.Unmarshal(payload, m); err != nil {
				b.Fatal(err)
			}
			if m.Get(device).String() == "" || m.Get(speed).Float() == 0 {
				b.Fatal("the fields are gone")
			}
		}
	})
}

// BenchmarkTranscribe writes whole messages, beside protojson with dynamicpb. Bytes are those of the JSON.
func BenchmarkTranscribe(b *testing.B) {
	o := newOracle(b, "reading.proto", "fleet.Reading")
	t := load(b, "reading.proto", "fleet.Reading").Transcriber()
	doc := []byte(reading)
	b.Run("own", func(b *testing.B) {
		b.SetBytes(int64(len(doc)))
		b.ReportAllocs()
		var dst []byte
		for b.Loop() {
			var err error
			if dst, err = t.AppendPayload(dst[:0], doc); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("protojson", func(b *testing.B) {
		b.SetBytes(int64(len(doc)))
		b.ReportAllocs()
		for b.Loop() {
			m := dynamicpb.NewMessage(o.message)
			if err := protojson.Unmarshal(doc, m); err != nil {
				b.Fatal(err)
			}
			if _, err := proto.Marshal(m); err != nil {
				b.Fatal(err)
			}
		}
	})
}
