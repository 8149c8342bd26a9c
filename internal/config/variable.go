package config

import (
	"reflect"
	"regexp"
	"strings"
	"sync"

	"github.com/kstream/kstream/pkg/operator/nearest"
)

// Prefix is what the names of all variables begin with.
const Prefix = "KSTREAM_"

// Variable is the reference of one variable.
type Variable struct {
	Name    string // without the prefix: FILE_PATH
	Flag    string // file-path; "": it is a secret, and has none
	Group   string // Source, Chain, Sink, Run
	Default string
	Values  string // what it may be: "a, b" or "SIZE"
	Text    string // what it means, in one line
	// Secret is true where the value is shown nowhere.
	Secret bool
	// Everywhere is true where every command reads it, and not only run and check.
	Everywhere bool

	index int // of its field in settings
}

// FileFlag returns the flag that names a file with the value. Only the chain has one, which is the one that people keep in a
// file: --operators-file.
func (v Variable) FileFlag() string {
	if v.Name == "OPERATORS" {
		return v.Flag + "-file"
	}
	return ""
}

// FullName returns the name with the prefix.
func (v Variable) FullName() string { return Prefix + v.Name }

// Variables returns the reference of all variables, in the order of the documentation. It is the same one each time: callers
// don't change it.
func Variables() []Variable { return variables() }

// variables is made once: the flags of each command ask for it, and its help.
var variables = sync.OnceValue(func() []Variable {
	capital := regexp.MustCompile(`([a-z0-9])([A-Z])`)
	t := reflect.TypeFor[settings]()
	vs := make([]Variable, t.NumField())
	for i := range vs {
		f := t.Field(i)
		name := strings.ToUpper(capital.ReplaceAllString(f.Name, "${1}_${2}"))
		vs[i] = Variable{
			Name: name, Flag: strings.ReplaceAll(strings.ToLower(name), "_", "-"),
			Group: f.Tag.Get("group"), Default: f.Tag.Get("default"), Values: f.Tag.Get("values"), Text: f.Tag.Get("desc"),
			Everywhere: f.Tag.Get("scope") == "all", Secret: f.Tag.Get("secret") == "true", index: i,
		}
		if vs[i].Secret {
			vs[i].Flag = ""
		}
	}
	return vs
})

// links are the variables that Kubernetes sets for a service whose name begins with "kstream"; none of ours ends so.
var links = regexp.MustCompile(`(_SERVICE_HOST|_SERVICE_PORT(_[A-Z0-9_]+)?|_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$`)

func isServiceLink(name, value string) bool {
	return links.MatchString(name) ||
		strings.HasSuffix(name, "_PORT") && regexp.MustCompile(`^(tcp|udp|sctp)://`).MatchString(value)
}

// checkNames refuses variables of ours that there are not, with the nearest name.
func checkNames(environ []string, faults *Faults) {
	known := map[string]bool{}
	var names []string
	for _, v := range Variables() {
		known[v.Name], known[v.Name+"_FILE"] = true, true
		names = append(names, v.FullName())
	}
	for _, entry := range environ {
		full, value, _ := strings.Cut(entry, "=")
		name, ours := strings.CutPrefix(full, Prefix)
		if !ours || known[name] || isServiceLink(full, value) || value == "" {
			continue
		}
		if what, ok := later[strings.TrimSuffix(name, "_FILE")]; ok {
			faults.add(full, "this version does not have %s yet", what)
			continue
		}
		if near := nearest.Of(full, names); near != "" {
			faults.add(full, "there is no such variable; did you mean %s?", near)
		} else {
			faults.add(full, "there is no such variable; `kstream env` lists them all")
		}
	}
}
