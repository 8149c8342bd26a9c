package examples

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/kinesislocal"
	"github.com/kstream/kstream/pkg/kinesislocal/kinesistest"
	"github.com/kstream/kstream/test/binary"
	"github.com/kstream/kstream/test/composefile"
)

var update = flag.Bool("update", false, "write what comes out to expected.jsonl and its like")

func TestMain(m *testing.M) { os.Exit(binary.Run(m)) }

// TestExamples runs each service of each folder over streams of one shard, in which the order of what comes out is that of the
// events.
func TestExamples(t *testing.T) {
	files, err := filepath.Glob("*/compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatal("there are no examples")
	}
	for _, file := range files {
		for _, service := range composefile.Services(readFile(t, file)) {
			folder := filepath.Dir(file)
			t.Run(folder+"/"+service, func(t *testing.T) {
				e := open(t, folder, service)
				got := e.run(t)
				if e.keyed(t) {
					got = sorted(got)
				}
				suffix := ""
				if service != "kstream" {
					suffix = "-" + service
				}
				compare(t, filepath.Join(folder, "expected"+suffix+".jsonl"), got)
				letters := filepath.Join(folder, "expected-dead"+suffix+".jsonl")
				if dead := e.deadLetters(t); dead != "" || exists(letters) {
					compare(t, letters, dead)
				}
			})
		}
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// compare holds what came out to a file, or with -update writes it there.
func compare(t *testing.T, expected, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(expected, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(strings.Split(readFile(t, expected), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s (-) and what came out (+) differ:\n%s", expected, diff)
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// example is a folder whose events are in a stream.
type example struct {
	server    *kinesislocal.Server
	dir       string            // what the containers' folders are moved to
	variables map[string]string // the compose file's
}

func open(t *testing.T, folder, service string) *example {
	t.Helper()
	server := kinesistest.Listen(t, kinesislocal.Config{})
	variables, err := composefile.Variables(readFile(t, filepath.Join(folder, "compose.yaml")), service)
	if err != nil {
		t.Fatal(err)
	}
	e := &example{server, t.TempDir(), variables}
	for _, stream := range []string{variables["KSTREAM_STREAM"], variables["KSTREAM_SINK_STREAM"]} {
		if stream == "" {
			continue
		}
		if err := server.CreateStream(stream, 1); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	for line := range strings.Lines(readFile(t, filepath.Join(folder, "events.jsonl"))) {
		n++
		if _, _, err := server.Put(variables["KSTREAM_STREAM"], fmt.Sprintf("key-%d", n), []byte(strings.TrimSuffix(line, "\n"))); err != nil {
			t.Fatal(err)
		}
	}
	variables["KSTREAM_OPERATORS_FILE"] = filepath.Join(folder, filepath.Base(variables["KSTREAM_OPERATORS_FILE"]))
	if path := variables["KSTREAM_FILE_PATH"]; path != "" {
		variables["KSTREAM_FILE_PATH"] = filepath.Join(e.dir, "data", filepath.Base(path))
	}
	variables["KSTREAM_DEAD_LETTER"] = "file:" + e.deadLetterFile()
	variables["KSTREAM_STATE_DIR"] = filepath.Join(e.dir, "state")
	variables["KSTREAM_HTTP_ADDR"], variables["KSTREAM_UNTIL"] = "none", "now"
	return e
}

func (e *example) deadLetterFile() string { return filepath.Join(e.dir, "dead-letters.jsonl") }

// deadLetters returns what of the dead letters is the same in every run.
func (e *example) deadLetters(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for line := range strings.Lines(readFile(t, e.deadLetterFile())) {
		var letter struct {
			Stage string          `json:"stage"`
			Error string          `json:"error"`
			Data  json.RawMessage `json:"data"`
		}
		if err := json.Unmarshal([]byte(line), &letter); err != nil {
			t.Fatal(err)
		}
		kept, err := json.Marshal(letter)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(kept, '\n'))
	}
	return b.String()
}

// keyed reports whether the chain computes by key: then the order of what comes out, over all keys, is not part of the answer.
func (e *example) keyed(t *testing.T) bool {
	t.Helper()
	return strings.Contains("\n"+readFile(t, e.variables["KSTREAM_OPERATORS_FILE"]), "\nkey_by ")
}

func sorted(text string) string {
	return strings.Join(slices.Sorted(strings.Lines(text)), "")
}

// run runs the daemon to the end of the stream, and returns what its sink holds then, a record a line.
func (e *example) run(t *testing.T) string {
	t.Helper()
	c := exec.CommandContext(t.Context(), binary.Path(t), "run")
	c.Env = []string{"HOME=" + e.dir, "AWS_ENDPOINT_URL_KINESIS=" + e.server.URL(), "AWS_REGION=" + e.server.Region(),
		"AWS_ACCESS_KEY_ID=x", "AWS_SECRET_ACCESS_KEY=x"}
	for name, value := range e.variables {
		c.Env = append(c.Env, name+"="+value)
	}
	var out, errOut bytes.Buffer
	c.Stdout, c.Stderr = &out, &errOut
	if err := c.Run(); err != nil {
		t.Fatalf("kstream run: %v\n%s", err, &errOut)
	}
	switch e.variables["KSTREAM_SINK"] {
	case "file":
		return e.files(t)
	case "kinesis":
		return e.records(t)
	}
	return out.String()
}

func (e *example) files(t *testing.T) (text string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(e.dir, "data", "*"))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(files)
	for _, file := range files {
		text += readFile(t, file)
	}
	return text
}

func (e *example) records(t *testing.T) (text string) {
	t.Helper()
	records, err := e.server.Records(e.variables["KSTREAM_SINK_STREAM"])
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		text += string(r.Data) + "\n"
	}
	return text
}
