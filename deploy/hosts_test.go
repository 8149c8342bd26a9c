package deploy

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kstream/kstream/test/binary"
)

// unit is a systemd unit's settings, by name.
func unit(t *testing.T) map[string][]string {
	t.Helper()
	settings := map[string][]string{}
	for line := range strings.Lines(string(read(t, "systemd/kstream.service"))) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && !strings.HasPrefix(line, "#") {
			settings[name] = append(settings[name], value)
		}
	}
	return settings
}

// environment returns the variables of a file that systemd reads.
func environment(t *testing.T, lines ...string) map[string]string {
	t.Helper()
	variables := map[string]string{}
	for _, line := range lines {
		name, value, ok := strings.Cut(line, "=")
		if strings.HasPrefix(line, "#") || line == "" {
			continue
		}
		if !ok || strings.ContainsAny(value, `"'\`) {
			t.Errorf("systemd takes quotes and backslashes away: %s", line)
		}
		variables[name] = value
	}
	return variables
}

// The unit starts what is there, with variables that kstream takes, and waits for its last checkpoint.
func TestUnit(t *testing.T) {
	u := unit(t)
	variables := environment(t, append(strings.Split(string(read(t, "systemd/kstream.env")), "\n"), u["Environment"]...)...)
	outlives(t, seconds(t, u["TimeoutStopSec"][0]), variables)
	if variables["KSTREAM_STATE_DIR"] != "/var/lib/"+u["StateDirectory"][0] {
		t.Errorf("the state is in %s, and the unit's folder is %s", variables["KSTREAM_STATE_DIR"], u["StateDirectory"])
	}
	for name, want := range map[string]string{
		"DynamicUser": "yes", "ProtectSystem": "strict", "NoNewPrivileges": "yes", "CapabilityBoundingSet": "",
		"Restart": "on-failure", "RestartPreventExitStatus": "2", "EnvironmentFile": "/etc/kstream/kstream.env",
	} {
		if len(u[name]) != 1 || u[name][0] != want {
			t.Errorf("%s is %q, want %q", name, u[name], want)
		}
	}
	// 90 % of MemoryMax, as kstream would take of a container's.
	if u["MemoryMax"][0] != "1G" || variables["GOMEMLIMIT"] != "920MiB" {
		t.Errorf("Go keeps to %s, of %s", variables["GOMEMLIMIT"], u["MemoryMax"])
	}
	variables["KSTREAM_OPERATORS_FILE"] = strings.Replace(variables["KSTREAM_OPERATORS_FILE"], "/etc/kstream", "systemd", 1)
	newWorld(t, variables).check()
}

func seconds(t *testing.T, text string) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(text + "s")
	must(t, err)
	return d
}

// systemd finds nothing to say about it.
func TestSystemdReadsTheUnit(t *testing.T) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("make lint-deploy fetches systemd-analyze: ", err)
	}
	path := filepath.Join(t.TempDir(), "kstream.service")
	text := strings.ReplaceAll(string(read(t, "systemd/kstream.service")), "/usr/local/bin/kstream", binary.Path(t))
	must(t, os.WriteFile(path, []byte(text), 0o644))
	out, err := exec.CommandContext(t.Context(), analyze, "verify", "--man=no", "--recursive-errors=no", path).CombinedOutput()
	if err != nil || strings.Contains(string(out), "kstream.service") {
		t.Errorf("systemd-analyze verify: %v\n%s", err, out)
	}
}
