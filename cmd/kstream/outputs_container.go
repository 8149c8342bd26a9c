package main

import (
	"fmt"

	"github.com/kstream/kstream/internal/config"
	"github.com/kstream/kstream/pkg/format/framing"
	"github.com/kstream/kstream/pkg/sink/file"
)

// contain has the file sink make containers where the chain says so. A file of them is whole or none, so that no other sink
// takes them, and there is nothing to frame.
func (j *job) contain() error {
	container := j.plan.Container()
	if container == "" {
		return nil
	}
	s := &j.conf.Sink
	var list []config.Fault
	fault := func(variable, format string, args ...any) {
		list = append(list, config.Fault{Name: j.conf.Values[variable].Name(), Message: fmt.Sprintf(format, args...)})
	}
	if s.Kind != "file" {
		fault("SINK", "encode %s makes whole files, which %s can't hold: it needs SINK=file", container, s.Kind)
	}
	if s.Framing != framing.Lines {
		fault("SINK_FRAMING", "encode %s parts records itself: leave it at lines, and not %s", container, s.Framing)
	}
	if len(list) > 0 {
		return &config.Faults{List: list}
	}
	s.File.Container = file.Container(container)
	if j.conf.Values["FILE_COMPRESSION"].Text == "" {
		s.File.Compression = file.Zstd
	}
	return nil
}
