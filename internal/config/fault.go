package config

import (
	"fmt"
	"slices"
	"strings"
)

// Fault is one thing that is wrong with what a user set.
type Fault struct {
	Name    string // KSTREAM_FILE_PATH or --file-path; empty where no single one is to blame
	Message string // what is wrong, and what to try
}

// Faults is every fault that was found. It is never empty.
type Faults struct{ List []Fault }

func (f *Faults) Error() string {
	var b strings.Builder
	if len(f.List) > 1 {
		fmt.Fprintf(&b, "%d things are wrong with the configuration:", len(f.List))
	}
	for _, fault := range f.List {
		if len(f.List) > 1 {
			b.WriteString("\n  - ")
		}
		if fault.Name != "" {
			b.WriteString(fault.Name + ": ")
		}
		b.WriteString(strings.ReplaceAll(fault.Message, "\n", "\n    "))
	}
	return b.String()
}

// add notes a fault. The first one of a variable is enough: later ones follow from it.
func (f *Faults) add(name, format string, args ...any) {
	if name != "" && slices.ContainsFunc(f.List, func(known Fault) bool { return known.Name == name }) {
		return
	}
	f.List = append(f.List, Fault{name, fmt.Sprintf(format, args...)})
}

// OneOf lists what there is to choose from: "a, b or c".
func OneOf(choices []string) string {
	last := len(choices) - 1
	if last < 1 {
		return strings.Join(choices, "")
	}
	return strings.Join(choices[:last], ", ") + " or " + choices[last]
}
