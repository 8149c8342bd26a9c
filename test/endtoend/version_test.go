package endtoend

import (
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/kstream/kstream/test/binary"
)

// TestLooksTouchNothing holds commands that only say something to it: whatever the environment names, they speak to nobody and
// leave no file. People run them to see whether an image is any good, where there is no network.
func TestLooksTouchNothing(t *testing.T) {
	for _, command := range []string{"version", "env", "help run", "completion bash"} {
		t.Run(command, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			home := t.TempDir()
			c := exec.CommandContext(t.Context(), binary.Path(t), strings.Fields(command)...)
			c.Dir = home
			c.Env = []string{"HOME=" + home, "TMPDIR=" + home, "KSTREAM_STREAM=logs", "AWS_REGION=eu-west-1"}
			for _, name := range []string{
				"AWS_ENDPOINT_URL", "AWS_EC2_METADATA_SERVICE_ENDPOINT", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "OTEL_EXPORTER_OTLP_ENDPOINT",
				"HTTP_PROXY", "HTTPS_PROXY",
			} {
				c.Env = append(c.Env, name+"=http://"+l.Addr().String())
			}
			if out, err := c.CombinedOutput(); err != nil || len(out) == 0 {
				t.Fatalf("%v: %s", err, out)
			}
			firstCaller(t, l)
			left, err := os.ReadDir(home)
			if err != nil || len(left) > 0 {
				t.Errorf("it left %v (%v)", left, err)
			}
		})
	}
}

// firstCaller fails unless this test is the first to connect to l: connections are accepted in the order in which they came.
func firstCaller(t *testing.T, l net.Listener) {
	t.Helper()
	ours, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer ours.Close()
	first, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	if first.RemoteAddr().String() != ours.LocalAddr().String() {
		t.Error("it connected to what the environment names")
	}
}
