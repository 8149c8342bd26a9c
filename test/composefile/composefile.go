// Package composefile reads, for tests, what a compose file of ours sets. It knows the few forms that we write, indented by
// two, and is no YAML parser.
package composefile

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	nextKey  = regexp.MustCompile(`(?m)^ {0,2}\S`)
	service  = regexp.MustCompile(`(?m)^  ([a-z-]+):$`)
	variable = regexp.MustCompile(`(?m)^      (KSTREAM_\w+): (.*)\n((?:        .*\n)*)`)
)

// Variables returns the KSTREAM_ variables that a service is given, scalars and literal blocks.
func Variables(text, service string) (map[string]string, error) {
	_, body, found := strings.Cut(text, "\n  "+service+":\n")
	if !found {
		return nil, fmt.Errorf("there is no service %q", service)
	}
	if end := nextKey.FindStringIndex(body); end != nil {
		body = body[:end[0]]
	}
	variables := map[string]string{}
	for _, m := range variable.FindAllStringSubmatch(body, -1) {
		name, value, block := m[1], strings.Trim(m[2], `"`), m[3]
		if value == "|" {
			value = strings.ReplaceAll(strings.TrimPrefix(block, "        "), "\n        ", "\n")
		}
		variables[name] = value
	}
	if len(variables) == 0 {
		return nil, fmt.Errorf("service %q sets no variables of ours", service)
	}
	return variables, nil
}

// Services returns the names of the services that are given KSTREAM_ variables, in the order of the file.
func Services(text string) (names []string) {
	for _, m := range service.FindAllStringSubmatch(text, -1) {
		if _, err := Variables(text, m[1]); err == nil {
			names = append(names, m[1])
		}
	}
	return names
}
