package expression

import (
	"slices"
	"strings"

	"github.com/kstream/kstream/pkg/operator/expression/syntax"
	"github.com/kstream/kstream/pkg/operator/nearest"
)

// refused are expr's functions that kstream has no use for, and why.
var refused = map[string]string{
	"now":      "the same records have to give the same answer whenever they are read: meta.arrival is when a record came",
	"timezone": "give the zone to date: date(x, layout, zone)",
	"median":   "sort(list)[len(list) / 2] is near it",
	"bitand":   "kstream has no bit functions",
	"bitor":    "kstream has no bit functions",
	"bitxor":   "kstream has no bit functions",
}

func (c *compiler) unknown(n *syntax.Call) operand {
	name := n.Name
	if why, ok := refused[name]; ok {
		return c.fault(n, why, "there is no function %s here", name)
	}
	var known []string
	for name := range functions {
		known = append(known, name)
	}
	for name := range predicates {
		known = append(known, name)
	}
	slices.Sort(known)
	hint := ""
	if meant := spelled(name, known); meant != "" {
		hint = "did you mean " + meant + "?"
	}
	return c.fault(n, hint, "there is no function %s", name)
}

// elsewhere are what other languages call a function.
var elsewhere = map[string]string{
	"base64": "toBase64", "hex": "toHex", "parse_json": "json", "date_trunc": "truncate", "trunc": "truncate",
	"strptime": "parseTime", "to_timestamp": "parseTime", "strftime": "formatTime", "regexp_extract": "capture", "extract": "capture",
	"parse_url": "url", "cidr": "inCIDR", "getenv": "env", "mask": "redact", "hmac": "redact", "xxhash": "hash", "size": "len",
	"length": "len", "to_lower": "lower", "to_upper": "upper", "to_string": "string",
}

// spelled returns the function that is meant by a name: spelled as others do, from_hex for fromHex, or the nearest one.
func spelled(name string, known []string) string {
	flat := strings.ReplaceAll(name, "_", "")
	for _, k := range known {
		if strings.EqualFold(flat, k) {
			return k
		}
	}
	if meant := elsewhere[strings.ToLower(name)]; meant != "" {
		return meant
	}
	return nearest.Of(name, known)
}
