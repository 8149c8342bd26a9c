package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kstream/kstream/internal/config"
)

var request = regexp.MustCompile(`^\.(TH|SH|SS|PP|TP|B|nf|fi)[ \n]`)

// Every command has a page with its flags, in which nothing but requests begins as one.
func TestManPages(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "man")
	var out bytes.Buffer
	if status := execute([]string{"man", dir}, strings.NewReader(""), &out, &out); status != exitDone {
		t.Fatalf("status %d: %s", status, &out)
	}
	everyCommand(t, func(c *cobra.Command) {
		if c.Hidden {
			return
		}
		text, err := os.ReadFile(filepath.Join(dir, pageName(c)+".1"))
		must(t, err)
		page := string(text)
		if !strings.HasPrefix(page, ".TH ") || !strings.Contains(page, "\n.SH \"EXAMPLES\"\n") {
			t.Errorf("the page of %s begins %.40q, or has no examples", c.CommandPath(), page)
		}
		for line := range strings.Lines(page) {
			if strings.HasPrefix(line, "'") || strings.HasPrefix(line, ".") && !request.MatchString(line) {
				t.Errorf("%s: a line that roff takes for a request: %s", c.CommandPath(), line)
			}
		}
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if f.Name != "help" && !strings.Contains(page, escape("--"+f.Name)) {
				t.Errorf("the page of %s says nothing of --%s", c.CommandPath(), f.Name)
			}
		})
	})
	text, err := os.ReadFile(filepath.Join(dir, "kstream.1"))
	must(t, err)
	for _, v := range config.Variables() {
		if !strings.Contains(string(text), escape(v.FullName())) {
			t.Errorf("kstream(1) says nothing of %s", v.FullName())
		}
	}
	groffed(t, dir)
}

// groffed has groff set all pages, if it is here: it warns of what it does not understand.
func groffed(t *testing.T, dir string) {
	t.Helper()
	groff, err := exec.LookPath("groff")
	if err != nil {
		t.Log("there is no groff, which would find more")
		return
	}
	pages, err := filepath.Glob(filepath.Join(dir, "*.1"))
	must(t, err)
	c := exec.CommandContext(t.Context(), groff, append([]string{"-man", "-Tutf8", "-K", "utf8", "-ww", "-rLL=100n"}, pages...)...)
	var errOut bytes.Buffer
	c.Stderr = &errOut
	set, err := c.Output()
	if err != nil || errOut.Len() > 0 || len(set) == 0 {
		t.Errorf("groff: %v, %s", err, &errOut)
	}
}

func TestRoff(t *testing.T) {
	r := &roff{}
	r.macro("SH", `A "name"`)
	r.text("one --flag\n.two\n\n  'kept  as it is'\n\nthree `\\n`")
	r.entry("-n", "'quoted'")
	const want = ".SH \"A \\(dqname\\(dq\"\none \\-\\-flag\n\\&.two\n.PP\n.nf\n  'kept  as it is'\n.fi\n.PP\nthree \\(ga\\en\\(ga\n" +
		".TP\n.B \"\\-n\"\n\\&'quoted'\n"
	if got := r.b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
