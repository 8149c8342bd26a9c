package house

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestVariablesExist holds what people copy to the names that the daemon knows.
func TestVariablesExist(t *testing.T) {
	name := regexp.MustCompile(`\bKSTREAM_[A-Z_]+\b`)
	known := name.FindAllString(read(t, "docs/configuration.md"), -1)
	files, err := filepath.Glob(filepath.Join(root, "examples", "*", "compose.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range files {
		files[i] = strings.TrimPrefix(files[i], root)
	}
	for _, file := range append(files, "Dockerfile", "docker-compose.yml") {
		used := name.FindAllString(read(t, file), -1)
		if len(used) == 0 {
			t.Errorf("%s sets no variable", file)
		}
		for _, v := range used {
			if !strings.HasPrefix(v, "KSTREAM_TEST_") && !slices.Contains(known, strings.TrimSuffix(v, "_FILE")) && !slices.Contains(known, v) {
				t.Errorf("%s sets %s, which docs/configuration.md does not know", file, v)
			}
		}
	}
}

// TestImageKeepsItsPromises reads the Dockerfile for what users and orchestrators rely on. make test-image runs it.
func TestImageKeepsItsPromises(t *testing.T) {
	file := read(t, "Dockerfile")
	stages := strings.Split(file, "\nFROM ")
	final := stages[len(stages)-1]
	if !strings.HasPrefix(final, "scratch\n") {
		t.Errorf("the image is not from scratch but from %s", strings.SplitN(final, "\n", 2)[0])
	}
	for _, line := range []string{
		"USER 65532:65532",
		"ENV KSTREAM_STATE_DIR=/var/lib/kstream KSTREAM_HTTP_ADDR=:8080",
		`VOLUME ["/var/lib/kstream"]`,
		"EXPOSE 8080",
		`ENTRYPOINT ["/kstream"]`,
		`CMD ["run"]`,
	} {
		if !strings.Contains(final, "\n"+line+"\n") {
			t.Errorf("the image lacks %s", line)
		}
	}
	if !regexp.MustCompile(`(?m)^HEALTHCHECK .*CMD \["/kstream", "health"\]$`).MatchString(final) {
		t.Error("the image does not ask itself for its health")
	}
	wanted := "golang:" + regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(read(t, "go.mod"))[1]
	if !strings.Contains(file, "FROM "+wanted+" ") {
		t.Errorf("the image is not built with %s, go.mod's", wanted)
	}
	flags := regexp.MustCompile(`go build (-trimpath -tags \S+ -ldflags "-s -w )-X`)
	image, makefile := flags.FindStringSubmatch(file), flags.FindStringSubmatch(read(t, "Makefile"))
	if image == nil || makefile == nil || image[1] != makefile[1] {
		t.Errorf("the image is built with %q, make build with %q", image, makefile)
	}
}

// TestBuildTags holds all builds of the binary to the tags of make build: what is tested is what people run.
func TestBuildTags(t *testing.T) {
	tags := regexp.MustCompile(`-tags"?,? "?([a-z][a-z,]+)`)
	want := tags.FindStringSubmatch(read(t, "Makefile"))
	if want == nil {
		t.Fatal("make build has no tags")
	}
	for _, file := range []string{"Dockerfile", "test/binary/binary.go", "test/size.sh"} {
		found := tags.FindAllStringSubmatch(read(t, file), -1)
		if len(found) == 0 {
			t.Errorf("%s builds without tags", file)
		}
		for _, f := range found {
			if f[1] != want[1] {
				t.Errorf("%s builds with the tags %s, make build with %s", file, f[1], want[1])
			}
		}
	}
}

// TestComposeFile reads docker-compose.yml for what docker-compose itself does not mind.
func TestComposeFile(t *testing.T) {
	file := read(t, "docker-compose.yml")
	for _, image := range regexp.MustCompile(`image: localstack/localstack(\S*)`).FindAllStringSubmatch(file, -1) {
		if image[1] != ":4.14.0" {
			t.Errorf("localstack%s: later ones than 4.14.0 want a token", image[1])
		}
	}
	for _, want := range []string{
		"stop_grace_period: 30s", // KSTREAM_SHUTDOWN_TIMEOUT is 25s
		"- state:/var/lib/kstream",
		"condition: service_completed_successfully",
		"condition: service_healthy",
		"profiles: [test]",
		`test: ["CMD", "/kstream", "health"]`,
	} {
		if !strings.Contains(file, want) {
			t.Errorf("docker-compose.yml lacks %q", want)
		}
	}
}
