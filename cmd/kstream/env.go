package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/kstream/kstream/internal/config"
)

func newEnv(t *terminal) *cobra.Command {
	var output string
	c := &cobra.Command{
		Use:   "env",
		Short: "Print the reference of the environment variables",
		Example: `  kstream env
  kstream env -o env > kstream.env      a template to fill in`,
		Args: atMost(0),
		RunE: func(*cobra.Command, []string) error {
			switch output {
			case "env":
				return envTemplate(t.out)
			case "markdown":
				return envMarkdown(t.out)
			}
			return envTable(t.out)
		},
	}
	choiceFlag(c.Flags(), &output, "output", "o", "table", "a template to fill in (env), or the doc page", "table", "env", "markdown")
	return c
}

func envTable(w io.Writer) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "VARIABLE\tDEFAULT\tVALUES\tMEANING")
	for _, v := range config.Variables() {
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\n", v.FullName(), dash(v.Default), dash(v.Values), v.Text)
	}
	return tw.Flush()
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func envTemplate(w io.Writer) error {
	group := ""
	for _, v := range config.Variables() {
		if v.Group != group {
			group = v.Group
			fmt.Fprintf(w, "\n# %s\n", group)
		}
		fmt.Fprintf(w, "\n# %s\n", v.Text)
		if v.Values != "" {
			fmt.Fprintf(w, "# %s\n", v.Values)
		}
		if _, err := fmt.Fprintf(w, "#%s=%s\n", v.FullName(), v.Default); err != nil {
			return err
		}
	}
	return nil
}

// markdownIntro is what the page says before its tables.
const markdownIntro = `# Configuration

<!-- Made by ` + "`kstream env -o markdown`" + `; don't edit. -->

Everything is set by environment variables. Each has a flag twin in kebab case without the prefix
(` + "`KSTREAM_FILE_PATH`, `--file-path`" + `); a flag wins over the variable, and secrets have none. ` + "`NAME_FILE`" + ` reads the value from a file, less its last
end-of-line; both set is a fault. Empty is "not set"; ` + "`none`" + ` turns a thing off.

- DURATION is written as Go does, or in days: ` + "`250ms`, `1m30s`, `7d`" + `. SIZE: ` + "`64MiB`, `1GiB`" + `, or bytes.
- TIME is RFC 3339, a date, or Unix seconds (13 digits: milliseconds); without a zone it is in that of ` + "`TZ`" + `. AGE is a
  duration before now; ` + "`10m` and `-10m`" + ` are the same.
- AWS's own variables are the SDK's: ` + "`AWS_REGION`, `AWS_PROFILE`, `AWS_ENDPOINT_URL`, `AWS_ENDPOINT_URL_KINESIS`, `AWS_ROLE_ARN`," + `
  ` + "`AWS_WEB_IDENTITY_TOKEN_FILE`" + ` and the others.
- OpenTelemetry's own (` + "`OTEL_EXPORTER_OTLP_ENDPOINT`" + ` and the others) have run send metrics and traces; it sends none unless they are
  set: see [observability.md](observability.md#opentelemetry).
- ` + "`GOMEMLIMIT`" + ` is 90 % of the container's limit unless it is set.

Only ` + "`run` and `check`" + ` read every variable, and refuse those of ours that they don't know; what Kubernetes sets for a
service called kstream is passed over. The other commands read those marked with *, and flags.
`

func envMarkdown(w io.Writer) error {
	fmt.Fprint(w, markdownIntro)
	group := ""
	for _, v := range config.Variables() {
		if v.Group != group {
			group = v.Group
			fmt.Fprintf(w, "\n## %s\n\n| variable | default | values | meaning |\n|---|---|---|---|\n", group)
		}
		star := ""
		if v.Everywhere {
			star = " \\*"
		}
		cell := strings.NewReplacer("|", "\\|")
		if _, err := fmt.Fprintf(w, "| `%s`%s | %s | %s | %s |\n", v.FullName(), star, code(v.Default), cell.Replace(v.Values), cell.Replace(v.Text)); err != nil {
			return err
		}
	}
	return nil
}

func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + s + "`"
}
