package page

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/kstream/kstream/pkg/kinesislocal"
	"github.com/kstream/kstream/pkg/kinesislocal/kinesistest"
	"github.com/kstream/kstream/test/binary"
)

func TestMain(m *testing.M) { os.Exit(binary.Run(m)) }

// world is an embedded Kinesis with one stream of two shards, and what leads kstream there.
type world struct {
	t           *testing.T
	environment []string
}

const stream = "logs"

func newWorld(t *testing.T) *world {
	t.Helper()
	server := kinesistest.Listen(t, kinesislocal.Config{Limits: &kinesislocal.Limits{}})
	if err := server.CreateStream(stream, 2); err != nil {
		t.Fatal(err)
	}
	return &world{t, []string{
		"HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH"), "AWS_REGION=" + server.Region(), "AWS_ENDPOINT_URL_KINESIS=" + server.URL(),
		"AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test",
	}}
}

func (w *world) command(args ...string) *exec.Cmd {
	c := exec.CommandContext(w.t.Context(), binary.Path(w.t), args...)
	c.Env = w.environment
	return c
}

// put writes lines to the stream.
func (w *world) put(lines ...string) {
	w.t.Helper()
	c := w.command("produce", stream)
	c.Stdin = strings.NewReader(strings.Join(lines, "\n") + "\n")
	if out, err := c.CombinedOutput(); err != nil {
		w.t.Fatalf("kstream produce: %v\n%s", err, out)
	}
}

// run starts kstream with a chain and these variables, and returns the address of its status page. stop kills it.
func (w *world) run(chain string, variables ...string) (url string, stop func()) {
	w.t.Helper()
	addr := freeAddress(w.t)
	c := w.command("run")
	c.Env = append(append(c.Env, variables...), "KSTREAM_STREAM="+stream, "KSTREAM_OPERATORS="+chain, "KSTREAM_HTTP_ADDR="+addr, "KSTREAM_SINK=file",
		"KSTREAM_FILE_PATH=out.jsonl", "KSTREAM_STATE_DIR=state", "KSTREAM_CHECKPOINT_INTERVAL=1s")
	c.Dir = w.t.TempDir()
	var log bytes.Buffer
	stderr, err := c.StderrPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		w.t.Fatal(err)
	}
	lines := bufio.NewScanner(stderr)
	for begun := false; !begun && lines.Scan(); begun = strings.Contains(lines.Text(), "beginning") {
		fmt.Fprintln(&log, lines.Text())
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for lines.Scan() {
			fmt.Fprintln(&log, lines.Text())
		}
		_ = c.Wait() // it is killed
	}()
	stop = func() {
		_ = c.Process.Kill() // it may have been stopped already
		<-ended
	}
	w.t.Cleanup(func() {
		stop()
		if w.t.Failed() {
			w.t.Logf("kstream printed on stderr:\n%s", &log)
		}
	})
	return "http://" + addr + "/", stop
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
