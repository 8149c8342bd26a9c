package endtoend

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestComposeFile does what docker-compose.yml does, without containers: its producer's command writes, and a daemon with
// the variables that it sets reads.
func TestComposeFile(t *testing.T) {
	text, err := os.ReadFile("../../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	variables := serviceVariables(t, string(text), "kstream")
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

// serviceVariables returns the KSTREAM_ variables of a service, scalars and literal blocks, of a compose file that is
// indented by two.
func serviceVariables(t *testing.T, text, service string) map[string]string {
	t.Helper()
	_, body, found := strings.Cut(text, "\n  "+service+":\n")
	if !found {
		t.Fatalf("there is no service %s", service)
	}
	if end := regexp.MustCompile(`(?m)^( {0,2})\S`).FindStringIndex(body); end != nil {
		body = body[:end[0]]
	}
	variables := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^      (KSTREAM_\w+): (.*)\n((?:        .*\n)*)`).FindAllStringSubmatch(body, -1) {
		value := strings.Trim(m[2], `"`)
		if value == "|" {
			value = strings.ReplaceAll(strings.TrimPrefix(m[3], "        "), "\n        ", "\n")
		}
		variables[m[1]] = value
	}
	if len(variables) == 0 {
		t.Fatalf("service %s sets no variables", service)
	}
	return variables
}
