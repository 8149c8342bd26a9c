package endtoend

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/kstream/kstream/test/composefile"
)

// TestComposeFile does what docker-compose.yml does, without containers: its producer's command writes, and a daemon with
// the variables that it sets reads.
func TestComposeFile(t *testing.T) {
	text, err := os.ReadFile("../../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	variables, err := composefile.Variables(string(text), "kstream")
	if err != nil {
		t.Fatal(err)
	}
	command := regexp.MustCompile(`command: \["produce", "logs", (.*)\]`).FindStringSubmatch(string(text))
	if command == nil {
		t.Fatal("docker-compose.yml has no producer")
	}
	generate := strings.Split(strings.NewReplacer(`"`, "", " ", "").Replace(command[1]), ",")

	w := newWorld(t)
	dir, stream := t.TempDir(), w.stream(t)
	const count = "200"
	w.run(t, nil, "", append(append([]string{"produce", stream}, generate...), "--rate", "2000/s", "-n", count)...)
	written := filepath.Join(dir, filepath.Base(variables["KSTREAM_FILE_PATH"]))
	variables["KSTREAM_STREAM"], variables["KSTREAM_FILE_PATH"] = stream, written
	variables["KSTREAM_STATE_DIR"], variables["KSTREAM_HTTP_ADDR"] = filepath.Join(dir, "state"), "none"
	w.run(t, bounded(variables), "", "run")
	lines := linesOf(t, written)
	if len(lines) == 0 {
		t.Fatalf("of %s logs no error was written", count)
	}
	for _, line := range lines {
		var e struct {
			Service string
			Status  int
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil || e.Service == "" || e.Status == 0 {
			t.Errorf("%q is not what the chain makes: %v", line, err)
		}
	}
}
