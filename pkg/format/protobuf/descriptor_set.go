package protobuf

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"

	// The files that sets made without --include_imports leave out.
	_ "google.golang.org/protobuf/types/known/anypb"
	_ "google.golang.org/protobuf/types/known/apipb"
	_ "google.golang.org/protobuf/types/known/durationpb"
	_ "google.golang.org/protobuf/types/known/emptypb"
	_ "google.golang.org/protobuf/types/known/fieldmaskpb"
	_ "google.golang.org/protobuf/types/known/sourcecontextpb"
	_ "google.golang.org/protobuf/types/known/structpb"
	_ "google.golang.org/protobuf/types/known/timestamppb"
	_ "google.golang.org/protobuf/types/known/typepb"
	_ "google.golang.org/protobuf/types/known/wrapperspb"
)

// isSource tells a .proto from a FileDescriptorSet: by its ending, else by its first field, which no text begins with.
func isSource(name string, content []byte) bool {
	if strings.EqualFold(filepath.Ext(name), ".proto") {
		return true
	}
	const firstFile = 0x0a // field 1, a message
	var set descriptorpb.FileDescriptorSet
	if len(content) > 0 && content[0] == firstFile && proto.Unmarshal(content, &set) == nil && len(set.File) > 0 && set.File[0].GetName() != "" {
		return false
	}
	return len(content) > 0 && utf8.Valid(content)
}

// readSet reads a FileDescriptorSet. own are the files that no other of the set imports, all are all of them.
func readSet(content []byte) (own, all []protoreflect.FileDescriptor, err error) {
	var set descriptorpb.FileDescriptorSet
	if err := proto.Unmarshal(content, &set); err != nil || len(set.File) == 0 {
		return nil, nil, errors.New("the file is neither a .proto (by its ending or its text) nor a FileDescriptorSet")
	}
	if err := addBuiltIn(&set); err != nil {
		return nil, nil, err
	}
	files, err := protodesc.NewFiles(&set)
	if err != nil {
		return nil, nil, fmt.Errorf("linking descriptors: %w", err)
	}
	imported := map[string]bool{}
	for _, f := range set.File {
		for _, name := range f.Dependency {
			imported[name] = true
		}
	}
	for _, f := range set.File {
		d, err := files.FindFileByPath(f.GetName())
		if err != nil {
			return nil, nil, err
		}
		all = append(all, d)
		if !imported[f.GetName()] {
			own = append(own, d)
		}
	}
	return own, all, nil
}

// addBuiltIn adds the files of google/protobuf that the set needs and lacks. Others that it lacks are the error.
func addBuiltIn(set *descriptorpb.FileDescriptorSet) error {
	have := map[string]bool{}
	for _, f := range set.File {
		have[f.GetName()] = true
	}
	var missing []string
	for i := 0; i < len(set.File); i++ { // the set grows
		for _, name := range set.File[i].Dependency {
			if have[name] {
				continue
			}
			have[name] = true
			d, err := protoregistry.GlobalFiles.FindFileByPath(name)
			if err != nil || !strings.HasPrefix(name, "google/protobuf/") {
				missing = append(missing, name)
				continue
			}
			set.File = append(set.File, protodesc.ToFileDescriptorProto(d))
		}
	}
	if missing != nil {
		return fmt.Errorf("the FileDescriptorSet lacks %s: make it with all imports (protoc --include_imports)", strings.Join(missing, ", "))
	}
	return nil
}
