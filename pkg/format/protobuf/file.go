package protobuf

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// File is a .proto as a schema registry keeps it, whose payloads say which of its messages they are. Goroutines may share it.
type File struct {
	own, all []protoreflect.FileDescriptor
	sorted   []protoreflect.MessageDescriptor // by full name, those inside others and of maps included

	mu      sync.Mutex
	schemas map[protoreflect.FullName]*Schema // of those that payloads were; guarded by mu
}

// ParseFile returns the file that source, the text of a .proto, is. Its imports are those built in, and what imports has by
// name.
func ParseFile(source []byte, imports map[string][]byte) (*File, error) {
	own, all, err := compileText(source, imports)
	if err != nil {
		return nil, fmt.Errorf("reading schema: %w", err)
	}
	f := &File{own: own, all: all, schemas: map[protoreflect.FullName]*Schema{}}
	for _, d := range own {
		f.gather(d.Messages())
	}
	slices.SortFunc(f.sorted, func(a, b protoreflect.MessageDescriptor) int {
		return strings.Compare(string(a.FullName()), string(b.FullName()))
	})
	return f, nil
}

func (f *File) gather(list protoreflect.MessageDescriptors) {
	for i := range list.Len() {
		f.sorted = append(f.sorted, list.Get(i))
		f.gather(list.Get(i).Messages())
	}
}

// At returns the message at a place as Confluent's serializers count: which of the file's, which of those inside that, and
// so on. It blocks while another goroutine makes one.
func (f *File) At(indexes []int) (*Schema, error) {
	list := f.own[0].Messages()
	var d protoreflect.MessageDescriptor
	for _, i := range indexes {
		if i >= list.Len() {
			return nil, fmt.Errorf("the payload is message %v of the schema, which has no such message", indexes)
		}
		d = list.Get(i)
		list = d.Messages()
	}
	return f.schema(d)
}

// Sorted returns the n-th message, from 0, as AWS Glue's serializers count: of all that are in the file, by full name. It
// blocks as At does.
func (f *File) Sorted(n int) (*Schema, error) {
	if n >= len(f.sorted) {
		return nil, fmt.Errorf("the payload is message %d of the schema, which has %d", n, len(f.sorted))
	}
	return f.schema(f.sorted[n])
}

func (f *File) schema(d protoreflect.MessageDescriptor) (*Schema, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if s := f.schemas[d.FullName()]; s != nil {
		return s, nil
	}
	s, err := newSchema(f.own, f.all, string(d.FullName()))
	if err != nil {
		return nil, fmt.Errorf("reading schema: %w", err)
	}
	f.schemas[d.FullName()] = s
	return s, nil
}
