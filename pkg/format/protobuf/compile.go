package protobuf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/bufbuild/protocompile"
	"github.com/bufbuild/protocompile/linker"
	"github.com/bufbuild/protocompile/reporter"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// maxFaults is how many faults of a source are said at once: one slip often makes many.
const maxFaults = 10

// compileFile compiles a .proto. own is the file itself, all is it and everything that it imports, however far.
func compileFile(name string, content []byte, imports []string) (own, all []protoreflect.FileDescriptor, err error) {
	path, err := filepath.Abs(name)
	if err != nil {
		return nil, nil, err
	}
	base := filepath.Base(path)
	folders := append([]string{}, imports...)
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		folders = append(folders, dir)
		if dir == filepath.Dir(dir) {
			break
		}
	}
	return compile(base, func(wanted string) (io.ReadCloser, error) {
		if wanted == base {
			return io.NopCloser(bytes.NewReader(content)), nil
		}
		for _, dir := range folders {
			f, err := os.Open(filepath.Join(dir, filepath.FromSlash(wanted)))
			if !errors.Is(err, fs.ErrNotExist) {
				return f, err
			}
		}
		return nil, fmt.Errorf("no such file in %s nor in the folders above it", strings.Join(folders[:len(imports)+1], ", "))
	})
}

// compileText compiles a source that is in no file.
func compileText(source []byte, imports map[string][]byte) (own, all []protoreflect.FileDescriptor, err error) {
	const name = "schema.proto"
	return compile(name, func(wanted string) (io.ReadCloser, error) {
		if text, ok := imports[wanted]; ok {
			return io.NopCloser(bytes.NewReader(text)), nil
		}
		if wanted == name {
			return io.NopCloser(bytes.NewReader(source)), nil
		}
		return nil, errors.New("no such import")
	})
}

func compile(name string, open func(string) (io.ReadCloser, error)) (own, all []protoreflect.FileDescriptor, err error) {
	var faults []error
	seen := map[string]bool{}
	c := protocompile.Compiler{
		Resolver:       protocompile.WithStandardImports(&protocompile.SourceResolver{Accessor: open}),
		MaxParallelism: 1, // so that faults come in the same order each time
		Reporter: reporter.NewReporter(func(err reporter.ErrorWithPos) error {
			if !seen[err.Error()] && len(faults) < maxFaults {
				seen[err.Error()] = true
				faults = append(faults, err)
			}
			return nil
		}, nil),
	}
	files, err := c.Compile(context.Background(), name)
	if len(faults) > 0 {
		return nil, nil, errors.Join(faults...)
	}
	if err != nil {
		return nil, nil, err
	}
	return []protoreflect.FileDescriptor{files[0]}, closure(files), nil
}

// closure returns the files and all that they import, each once.
func closure(files linker.Files) (all []protoreflect.FileDescriptor) {
	seen := map[string]bool{}
	var add func(protoreflect.FileDescriptor)
	add = func(f protoreflect.FileDescriptor) {
		if seen[f.Path()] || f.IsPlaceholder() {
			return
		}
		seen[f.Path()] = true
		all = append(all, f)
		for i := range f.Imports().Len() {
			add(f.Imports().Get(i).FileDescriptor)
		}
	}
	for _, f := range files {
		add(f)
	}
	return all
}
