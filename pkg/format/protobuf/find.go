package protobuf

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// findMessage returns the message of that name, or the only one that own has.
func findMessage(own, all []protoreflect.FileDescriptor, name string) (protoreflect.MessageDescriptor, error) {
	if name == "" {
		return onlyMessage(own)
	}
	name = strings.TrimPrefix(name, ".")
	var known []string
	for _, f := range all {
		var found protoreflect.MessageDescriptor
		eachMessage(f.Messages(), func(d protoreflect.MessageDescriptor) {
			known = append(known, string(d.FullName()))
			if string(d.FullName()) == name {
				found = d
			}
		})
		if found != nil {
			return found, nil
		}
	}
	var ours []string
	for _, f := range own {
		eachMessage(f.Messages(), func(d protoreflect.MessageDescriptor) { ours = append(ours, string(d.FullName())) })
	}
	if near := nearestType(name, known); near != "" {
		return nil, fmt.Errorf("there is no message %q: is it %s? The file has %s", name, near, listed(ours))
	}
	return nil, fmt.Errorf("there is no message %q; the file has %s", name, listed(ours))
}

func onlyMessage(own []protoreflect.FileDescriptor) (protoreflect.MessageDescriptor, error) {
	var top []protoreflect.MessageDescriptor
	var names []string
	for _, f := range own {
		for i := range f.Messages().Len() {
			top = append(top, f.Messages().Get(i))
			names = append(names, string(f.Messages().Get(i).FullName()))
		}
	}
	switch len(top) {
	case 0:
		return nil, errors.New("the file has no message")
	case 1:
		return top[0], nil
	}
	return nil, fmt.Errorf("the file has several messages, so one must be named: %s", listed(names))
}

// eachMessage visits the messages and those inside them.
func eachMessage(list protoreflect.MessageDescriptors, visit func(protoreflect.MessageDescriptor)) {
	for i := range list.Len() {
		d := list.Get(i)
		if d.IsMapEntry() {
			continue
		}
		visit(d)
		eachMessage(d.Messages(), visit)
	}
}

func listed(names []string) string {
	const many = 20
	if len(names) == 0 {
		return "none"
	}
	slices.Sort(names)
	if len(names) > many {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:many], ", "), len(names)-many)
	}
	return strings.Join(names, ", ")
}

// nearestType looks for a type's full name, then for its last part: the package is what people leave out.
func nearestType(name string, known []string) string {
	last := name[strings.LastIndexByte(name, '.')+1:]
	for _, k := range known {
		if k[strings.LastIndexByte(k, '.')+1:] == last {
			return k
		}
	}
	return nearest(name, known)
}

// nearest returns the name of known that differs least from name, "" where none is near: a third of it may differ.
// Underscores and case are no difference: deviceId is near to device_id.
func nearest(name string, known []string) (best string) {
	plain := func(s string) string { return strings.ToLower(strings.ReplaceAll(s, "_", "")) }
	least := max(1, len(name)/3) + 1
	for _, k := range known {
		if d := distance(plain(name), plain(k)); d < least && d < len(k) {
			best, least = k, d
		}
	}
	return best
}

// distance is Levenshtein's, with two letters that changed places as one fault.
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
