package avro

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"
)

func appendLong(dst []byte, v int64) []byte { return binary.AppendVarint(dst, v) } // zigzag, least group first: Avro's form

func appendBytes(dst, v []byte) []byte { return append(appendLong(dst, int64(len(v))), v...) }

// appendDefault appends a default as a payload has it. Its Go type is the one that the library documents for the schema's
// type, and in a union tells the branch.
func appendDefault(dst []byte, n *node, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		if n.kind == null {
			return dst, nil
		}
	case bool:
		if n.kind == boolean && v {
			return append(dst, 1), nil
		} else if n.kind == boolean {
			return append(dst, 0), nil
		}
	case int32:
		if n.kind == integer {
			return appendLong(dst, int64(v)), nil
		}
	case int64:
		if n.kind == long {
			return appendLong(dst, v), nil
		}
	case float32:
		if n.kind == float {
			return binary.LittleEndian.AppendUint32(dst, math.Float32bits(v)), nil
		}
	case float64:
		if n.kind == double {
			return binary.LittleEndian.AppendUint64(dst, math.Float64bits(v)), nil
		}
	case []byte:
		switch {
		case n.kind == blob:
			return appendBytes(dst, v), nil
		case n.kind == fixed && len(v) == n.size:
			return append(dst, v...), nil
		}
	case string:
		if n.kind == text {
			return appendBytes(dst, []byte(v)), nil
		} else if i, ok := n.index[v]; ok && n.kind == enum {
			return appendLong(dst, int64(i)), nil
		}
	case []any:
		if n.kind == array {
			return appendDefaultList(dst, n, v)
		}
	case map[string]any:
		switch n.kind {
		case mapping:
			return appendDefaultMap(dst, n, v)
		case object:
			return appendDefaultRecord(dst, n, v)
		}
	}
	for i, b := range n.branches {
		if out, err := appendDefault(appendLong(dst, int64(i)), b, v); err == nil {
			return out, nil
		}
	}
	return dst, fmt.Errorf("it is no %s", n.what())
}

func appendDefaultList(dst []byte, n *node, list []any) (_ []byte, err error) {
	for _, v := range list {
		if dst, err = appendDefault(appendLong(dst, 1), n.items, v); err != nil {
			return dst, err
		}
	}
	return append(dst, 0), nil
}

func appendDefaultMap(dst []byte, n *node, m map[string]any) (_ []byte, err error) {
	for _, k := range slices.Sorted(maps.Keys(m)) {
		if dst, err = appendDefault(appendBytes(appendLong(dst, 1), []byte(k)), n.items, m[k]); err != nil {
			return dst, err
		}
	}
	return append(dst, 0), nil
}

func appendDefaultRecord(dst []byte, n *node, m map[string]any) (_ []byte, err error) {
	for i := range n.fields {
		f := &n.fields[i]
		v, ok := m[f.name]
		switch {
		case ok:
			dst, err = appendDefault(dst, f.node, v)
		case f.missing != nil:
			dst = append(dst, f.missing...)
		default:
			err = fmt.Errorf("it has no field %q", f.name)
		}
		if err != nil {
			return dst, err
		}
	}
	return dst, nil
}
