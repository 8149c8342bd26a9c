package registry

import (
	"context"
	"errors"
	"fmt"
)

// Type is the language of a schema.
type Type string

// The types of schema.
const (
	Avro     Type = "AVRO"
	JSON     Type = "JSON"
	Protobuf Type = "PROTOBUF"
)

// Schema is what a registry has of a schema.
type Schema struct {
	Type Type
	Text string
	// References are the schemas that Text needs, and those that these need, each behind those that it needs itself.
	References []Reference
}

// Reference is a schema that another one needs.
type Reference struct {
	Name string // as the other calls it: a type's full name in Avro, a file to import in protobuf, a URL in JSON Schema
	Text string
}

// Is returns an error unless the schema is of type t.
func (s *Schema) Is(t Type) error {
	if s.Type != t {
		return fmt.Errorf("its type is %.20q: %s is asked for", s.Type, t)
	}
	return nil
}

// Texts returns the references' texts, as avro.Parse takes them.
func (s *Schema) Texts() []string {
	texts := make([]string, len(s.References))
	for i, r := range s.References {
		texts[i] = r.Text
	}
	return texts
}

// ErrNotFound says that the registry has answered, and has no such schema. Everything else that a Source says is a reason
// to ask again.
var ErrNotFound = errors.New("the schema registry has no such schema")

// ErrUnusable says that something answers, but will not until somebody changes a setting: asking again rarely helps.
var ErrUnusable = errors.New("the schema registry can't be used as it is set")

// Source asks a registry. It is shared by goroutines.
type Source interface {
	// Kind returns which registry it is: the one whose IDs Schema takes.
	Kind() Kind
	// Schema asks for the schema once. It blocks until there is an answer or ctx ends. An error wraps ErrNotFound where
	// that is the answer, and ErrUnusable where it refuses, or is no registry.
	Schema(ctx context.Context, id ID) (*Schema, error)
}
