package config

import (
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/kelseyhightower/envconfig"
)

// Options is what Load needs to know of the command that asks.
type Options struct {
	// Flags are the flags that the user gave, by their names without dashes.
	Flags map[string]string
	// Defaults are the command's own, by the variables' names.
	Defaults map[string]string
	// Everything says that every variable is read, and unknown ones are refused: run and check. Other commands read only
	// those that concern the connection, so that a look round inside a container touches nothing.
	Everything bool
	// Also are variables that a command reads besides, by name.
	Also []string
	// Aside says that the command takes something of its own through the chain and into the sink of the run that the
	// environment describes, and keeps no checkpoint: what the run itself reads, and where it keeps its state, is not for it.
	Aside bool
}

// ofTheRun are the variables that are only for the run itself, and not for a command that works beside it.
var ofTheRun = []string{"SOURCE", "STREAM", "FROM", "UNTIL", "READ", "INPUT_PATH", "STATE_DIR", "HTTP_ADDR"}

func (o *Options) reads(v Variable) bool {
	if o.Aside && slices.Contains(ofTheRun, v.Name) {
		return false
	}
	return o.Everything || v.Everywhere || slices.Contains(o.Also, v.Name)
}

// Value is where a value came from, and which it is.
type Value struct {
	Variable Variable
	Text     string
	Origin   string // "KSTREAM_FROM", "KSTREAM_FROM_FILE=/run/x", "--from", "default"; "" where there is none
}

// Set reports whether the user set it.
func (v Value) Set() bool { return v.Origin != "" && v.Origin != "default" }

// Shown returns the text as people may see it.
func (v Value) Shown() string {
	if v.Variable.Secret && v.Text != "" {
		return "(secret)"
	}
	return v.Text
}

// Name returns what a fault about v is put down to.
func (v Value) Name() string {
	if v.Set() {
		return v.Origin
	}
	return v.Variable.FullName()
}

// Load reads the environment and o. The error is a *Faults with everything that is wrong; the Config is there beside it,
// so that a caller can go on to find what is wrong with its chain.
func Load(o Options) (*Config, error) {
	faults := new(Faults)
	if o.Everything {
		checkNames(os.Environ(), faults)
	}
	values := read(o, faults)
	c := parse(values, faults)
	c.checkSpan(faults)
	c.checkLoops(faults)
	if o.Everything {
		c.checkSink(faults)
		c.checkDeadLetters(faults)
	}
	if o.Everything && !o.Aside {
		c.checkSource(faults)
		c.checkState(faults)
	}
	if len(faults.List) > 0 {
		return c, faults
	}
	return c, nil
}

// read finds the text of every variable: flag, variable, file, the command's default, the general one.
func read(o Options, faults *Faults) map[string]Value {
	var s settings
	// All fields are text, so that the only error would be a fault of the struct itself.
	if err := envconfig.Process(strings.TrimSuffix(Prefix, "_"), &s); err != nil {
		panic(err)
	}
	values := map[string]Value{}
	for _, v := range Variables() {
		value := Value{Variable: v}
		own, isSet := o.Defaults[v.Name]
		if !isSet {
			own = v.Default
		}
		if value.Text = own; own != "" {
			value.Origin = "default"
		}
		if o.reads(v) {
			fromEnvironment(&value, reflect.ValueOf(s).Field(v.index).String(), faults)
		}
		if text := o.Flags[v.Flag]; text != "" && v.Flag != "" {
			value.Text, value.Origin = text, "--"+v.Flag
		}
		if file := o.Flags[v.FileFlag()]; file != "" {
			fromFile(&value, o.Flags[v.Flag], file, faults)
		}
		values[v.Name] = value
	}
	return values
}

// fromEnvironment sets v from its variable or the file that the other one names. text is what envconfig read, which is
// the default where the variable is not set.
func fromEnvironment(v *Value, text string, faults *Faults) {
	name := v.Variable.FullName()
	file := os.Getenv(name + "_FILE")
	switch isSet := os.Getenv(name) != ""; {
	case isSet && file != "":
		faults.add(name, "both it and %s_FILE are set: one of them", name)
	case isSet:
		v.Text, v.Origin = text, name
	case file != "":
		if !v.read(name+"_FILE", file, faults) {
			return
		}
	default:
		return
	}
	if quoted(v.Text) && v.Variable.Name != "OPERATORS" && v.Variable.Name != "SINK_PARTITION_KEY" {
		faults.add(name, "the value %s stands in quotes, which are part of it: docker's --env-file and systemd keep quotes that a shell takes away; write it without", v.Shown())
	}
}

// fromFile sets v from the file that its flag names. flag is what the flag of the value itself says, if it was given.
func fromFile(v *Value, flag, file string, faults *Faults) {
	name := "--" + v.Variable.FileFlag()
	if flag != "" {
		faults.add(name, "both it and --%s are given: one of them", v.Variable.Flag)
		return
	}
	v.read(name, file, faults)
}

// read takes the value from file, which origin named, without its last new line.
func (v *Value) read(origin, file string, faults *Faults) (ok bool) {
	data, err := os.ReadFile(file)
	if err != nil {
		faults.add(origin, "reading the value: %v", err)
		return false
	}
	v.Text, v.Origin = strings.TrimSuffix(strings.TrimSuffix(string(data), "\n"), "\r"), origin+"="+file
	return true
}

// quoted reports whether the whole of s stands in one pair of quotes.
func quoted(s string) bool {
	return len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0]
}
