package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/kstream/kstream/internal/config"
)

// shownSetting is a variable with where its value came from.
type shownSetting struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Origin string `json:"origin"` // "KSTREAM_FROM", "KSTREAM_FROM_FILE=/run/x", "--from", "default", "" where it has none
}

// telling are the variables that are shown though nobody set them: what a run is at a glance.
var telling = map[string]bool{"SOURCE": true, "STREAM": true, "FROM": true, "SINK": true, "DEAD_LETTER": true, "STATE_DIR": true}

// awsVariables are the SDK's that decide where calls go and by whom, with whether their values may be shown.
var awsVariables = []struct {
	name  string
	shown bool
}{
	{"AWS_REGION", true}, {"AWS_DEFAULT_REGION", true}, {"AWS_PROFILE", true}, {"AWS_ROLE_ARN", true}, {"AWS_WEB_IDENTITY_TOKEN_FILE", true},
	{"AWS_ACCESS_KEY_ID", false}, {"AWS_SECRET_ACCESS_KEY", false}, {"AWS_SESSION_TOKEN", false},
	{"AWS_ENDPOINT_URL", true}, {"AWS_ENDPOINT_URL_KINESIS", true}, {"AWS_ENDPOINT_URL_STS", true}, {"AWS_CA_BUNDLE", true},
}

// settings returns what is set and what tells most, or every variable.
func (j *job) settings(every bool) (list []shownSetting) {
	for _, v := range config.Variables() {
		value := j.conf.Values[v.Name]
		s := shownSetting{v.Name, value.Shown(), value.Origin}
		if v.Name == "DEAD_LETTER" && s.Value == "" {
			s.Value, s.Origin = targetText(j.conf.Sink.DeadLetters), "default"
		}
		if v.Name == "STATE_DIR" && s.Value == "" {
			s.Value, s.Origin = "none", "default"
		}
		if value.Set() || every || telling[v.Name] && s.Value != "" {
			list = append(list, s)
		}
	}
	for _, v := range awsVariables {
		switch value := os.Getenv(v.name); {
		case value == "":
		case v.shown:
			list = append(list, shownSetting{v.name, value, "environment"})
		default:
			list = append(list, shownSetting{v.name, "(secret)", "environment"})
		}
	}
	return list
}

func targetText(t config.Target) string {
	if t.Name == "" {
		return t.Kind
	}
	return t.Kind + ":" + t.Name
}

// shown is the value in a line. A chain is cut, so that where it came from stays in sight: it is listed by stages.
func (s *shownSetting) shown() string {
	const chainColumns = 60
	if s.Name == "OPERATORS" {
		return shortened(firstLine(s.Value), chainColumns)
	}
	return firstLine(s.Value)
}

func writeSettings(w io.Writer, list []shownSetting) {
	fmt.Fprintln(w, "Configuration")
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, s := range list {
		fmt.Fprintf(tw, "  %s\t%s\t%s\n", s.Name, dash(s.shown()), dash(s.Origin))
	}
	tw.Flush()
}

// writeChain numbers the stages as metrics and messages do: what the plan has added has the number of the stage that needs it.
func writeChain(w io.Writer, chain, labels []string) {
	fmt.Fprintln(w, "\nChain")
	for i, line := range chain {
		number, _, _ := strings.Cut(labels[i], ":")
		fmt.Fprintf(w, "  %s  %s\n", number, line)
	}
	if len(chain) == 0 {
		fmt.Fprintln(w, "  empty: records go out as they came")
	}
}

func firstLine(s string) string {
	if line, _, more := strings.Cut(s, "\n"); more {
		return line + " …"
	}
	return s
}
