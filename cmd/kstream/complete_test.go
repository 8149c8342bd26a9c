package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kstream/kstream/internal/config"
)

// completions are what the shell is offered for a command line, whose last word is being typed.
func completions(t *testing.T, line ...string) (list []string, directive string) {
	t.Helper()
	var out, errOut bytes.Buffer
	if status := execute(append([]string{"__complete"}, line...), strings.NewReader(""), &out, &errOut); status != exitDone {
		t.Fatalf("%q: status %d: %s", line, status, &errOut)
	}
	for text := range strings.Lines(out.String()) {
		text = strings.TrimSuffix(text, "\n")
		if strings.HasPrefix(text, ":") {
			return list, text[1:]
		}
		list = append(list, text)
	}
	t.Fatalf("%q: got %s, without a directive", line, &out)
	return nil, ""
}

func TestComplete(t *testing.T) {
	server := embedded(t)
	for _, name := range []string{"logs", "logs-eu", "orders"} {
		must(t, server.CreateStream(name, 1))
	}
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	const (
		files, noFiles, inOrder, folders = "0", "4", "36", "16"
	)
	for _, c := range []struct {
		line      []string
		want      []string
		directive string
	}{
		{[]string{"descr"}, []string{"describe\tShow what a stream is set to, and who has registered to read it"}, noFiles},
		{[]string{"consume", "lo"}, []string{"logs", "logs-eu"}, noFiles},
		{[]string{"consume", "logs", "o"}, []string{"orders"}, noFiles},
		{[]string{"shards", ""}, []string{"logs", "logs-eu", "orders"}, noFiles},
		{[]string{"shards", "logs", ""}, nil, noFiles},
		{[]string{"lag", "or"}, []string{"orders"}, noFiles},
		{[]string{"produce", "logs", ""}, nil, files},
		{[]string{"replay", ""}, nil, files},
		{[]string{"run", "--stream", "orders,lo"}, []string{"orders,logs", "orders,logs-eu"}, noFiles},
		{[]string{"run", "--sink-stream", "orders"}, []string{"orders"}, noFiles},
		{[]string{"run", "--sink", ""}, []string{"stdout", "file", "kinesis"}, inOrder},
		{[]string{"run", "--log-level", "w"}, []string{"warn"}, inOrder},
		{[]string{"produce", "--format", ""}, []string{"auto", "lines", "json"}, inOrder},
		{[]string{"consume", "--format", "%k"}, []string{"%k %s\\n\tkey and payload"}, inOrder},
		{[]string{"check", "--input", ""}, nil, files},
		{[]string{"run", "--state-dir", ""}, nil, folders},
		{[]string{"run", "--operators-file", ""}, nil, files},
		{[]string{"state", "ls", "--state-dir", ""}, nil, folders},
		{[]string{"consume", "logs", "--shard", ""}, []string{"shardId-000000000000\topen, 100 %"}, noFiles},
		{[]string{"consume", "--shard", ""}, nil, noFiles},
		{[]string{"consume", "logs", "-o", ""}, []string{"raw", "json", "pretty"}, inOrder},
		{[]string{"consume", "logs", "--from", "1"}, []string{"10m\tten minutes ago", "1h\tan hour ago", "1d\ta day ago"}, inOrder},
		{[]string{"consume", "logs", "--filter", ""}, nil, inOrder},
		{[]string{"man", ""}, nil, folders},
		{[]string{"demo", "i"}, []string{"iot"}, noFiles},
		{[]string{"completion", ""}, []string{"bash", "zsh", "fish"}, noFiles},
	} {
		got, directive := completions(t, c.line...)
		if diff := cmp.Diff(c.want, got); diff != "" || directive != c.directive {
			t.Errorf("%q: directive %s, want %s; want (-) and got (+):\n%s", c.line, directive, c.directive, diff)
		}
	}
}

// Where nobody answers, or there are no credentials, nothing is completed and nothing is said.
func TestCompleteWithoutAnAnswer(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("AWS_REGION", "eu-west-1")
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(t.TempDir(), "none"))
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(t.TempDir(), "none"))
	var out, errOut bytes.Buffer
	status := execute([]string{"__complete", "consume", ""}, strings.NewReader(""), &out, &errOut)
	if status != exitDone || out.String() != ":4\n" || strings.Contains(errOut.String(), "kstream:") {
		t.Errorf("status %d, %q, %q", status, &out, &errOut)
	}
}

// An answer, or that there was none, is good for some seconds, for the same account and region.
func TestRemembered(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("AWS_REGION", "eu-west-1")
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		ask := func() ([]string, error) {
			calls++
			if calls == 2 {
				return nil, errors.New("no network")
			}
			return []string{"logs"}, nil
		}
		wants := func(calls0 int, want ...string) {
			t.Helper()
			got := remembered("streams", config.Source{}, ask)
			if calls != calls0 || !cmp.Equal(got, append([]string(nil), want...)) {
				t.Errorf("got %q after %d calls, want %q after %d", got, calls, want, calls0)
			}
		}
		wants(1, "logs")
		time.Sleep(rememberFor - 1)
		wants(1, "logs")
		time.Sleep(2 * time.Nanosecond)
		wants(2)
		wants(2)
		remembered("streams", config.Source{RoleARN: "arn:aws:iam::1:role/other"}, ask)
		if calls != 3 {
			t.Errorf("%d calls, want that another role asks anew", calls)
		}
		must(t, os.WriteFile(rememberedAt("streams", config.Source{}), []byte("{"), 0o600))
		wants(4, "logs")
	})
}

// Every flag that takes a value says how it is completed, so that the shell offers no files where none belong.
func TestEveryFlagCompletes(t *testing.T) {
	root := newRoot(&terminal{})
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if _, there := c.GetFlagCompletionFunc(f.Name); !there && f.Value.Type() != "bool" {
				t.Errorf("%s --%s is not completed", c.CommandPath(), f.Name)
			}
		})
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(root)
}
