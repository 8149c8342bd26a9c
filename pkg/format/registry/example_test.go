package registry_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/kstream/kstream/pkg/format/avro"
	"github.com/kstream/kstream/pkg/format/registry"
)

// A stage makes an *avro.Schema of what the registry has, fetches what a batch's payloads name, and then reads them.
func Example() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"schema":"{\"type\":\"record\",\"name\":\"P\",\"fields\":[{\"name\":\"n\",\"type\":\"long\"}]}"}`)
	}))
	defer server.Close()

	source, err := registry.NewConfluent(registry.ConfluentConfig{URLs: []string{server.URL}})
	if err != nil {
		fmt.Println(err)
		return
	}
	schemas := registry.NewResolver(registry.ResolverConfig{}, source, func(s *registry.Schema) (*avro.Schema, error) {
		if err := s.Is(registry.Avro); err != nil {
			return nil, err
		}
		return avro.Parse(s.Text, s.Texts()...)
	})
	decoder := avro.NewRegistryDecoder(schemas)

	for _, payload := range [][]byte{{0, 0, 0, 0, 7, 84}, {0, 0, 0, 0, 7, 2}, {'{', '}'}} {
		if id, ok := schemas.Missing(payload); ok {
			fmt.Println("asking for schema", id)
			if err := schemas.Fetch(context.Background(), id); err != nil {
				fmt.Println(err)
				return
			}
		}
		doc, err := decoder.AppendJSON(nil, payload)
		fmt.Println(string(doc), err)
	}
	// Output:
	// asking for schema 7
	// {"n":42} <nil>
	// {"n":1} <nil>
	//  the payload begins with 0x7b: a schema registry's header begins with 0x00 (Confluent) or 0x03 (AWS Glue)
}
