package deploy

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"github.com/kstream/kstream/pkg/kinesislocal"
	"github.com/kstream/kstream/pkg/kinesislocal/kinesistest"
	"github.com/kstream/kstream/test/binary"
)

func TestMain(m *testing.M) { os.Exit(binary.Run(m)) }

// world is an embedded Kinesis with the streams "logs" and "errors", and the variables that a manifest gives kstream.
type world struct {
	t         *testing.T
	server    *kinesislocal.Server
	variables map[string]string
}

func newWorld(t *testing.T, variables map[string]string) *world {
	t.Helper()
	server := kinesistest.Listen(t, kinesislocal.Config{Limits: &kinesislocal.Limits{}})
	for _, stream := range []string{"logs", "errors"} {
		must(t, server.CreateStream(stream, 1))
	}
	w := &world{t, server, map[string]string{}}
	for name, value := range variables {
		w.variables[name] = value
	}
	w.variables["KSTREAM_STATE_DIR"] = t.TempDir()
	w.variables["AWS_ENDPOINT_URL_KINESIS"] = server.URL()
	w.variables["AWS_REGION"], w.variables["AWS_ACCESS_KEY_ID"], w.variables["AWS_SECRET_ACCESS_KEY"] = server.Region(), "test", "test"
	return w
}

// command returns kstream with the world's variables and no others.
func (w *world) command(args ...string) *exec.Cmd {
	w.t.Helper()
	c := exec.CommandContext(context.WithoutCancel(w.t.Context()), binary.Path(w.t), args...) // it is stopped at the test's end, not killed
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + w.t.TempDir()}
	for name, value := range w.variables {
		c.Env = append(c.Env, name+"="+value)
	}
	return c
}

// check has `kstream check` judge the variables, by which a name that there is not, a chain that does not compile and a
// stream that is not there are faults.
func (w *world) check() {
	w.t.Helper()
	if out, err := w.command("check").CombinedOutput(); err != nil {
		w.t.Errorf("kstream check of these variables: %v\n%s", err, out)
	}
}

// running is a `kstream run` that has written to "errors".
type running struct {
	t   *testing.T
	url string
}

// run starts kstream over these records of "logs", and waits until all of them are handled and something has been written: the
// fourth call for records has a page to fill that the first one has given back.
func (w *world) run(records ...string) *running {
	w.t.Helper()
	for _, r := range records {
		_, _, err := w.server.Put("logs", "k", []byte(r))
		must(w.t, err)
	}
	written, handled := make(chan struct{}), make(chan struct{})
	for _, f := range []kinesislocal.Fault{
		{Operation: "PutRecords", Times: 1, Do: func(kinesislocal.Call) { close(written) }},
		{Operation: "GetRecords", After: 4, Times: 1, Do: func(kinesislocal.Call) { close(handled) }},
	} {
		_, err := w.server.Inject(f)
		must(w.t, err)
	}
	addr := freeAddress(w.t)
	w.variables["KSTREAM_HTTP_ADDR"] = addr
	c := w.command("run")
	var said bytes.Buffer
	c.Stderr = &said
	must(w.t, c.Start())
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	w.t.Cleanup(func() {
		_ = c.Process.Signal(syscall.SIGTERM) // where it has ended, the status says so
		if err := <-ended; err != nil {
			w.t.Errorf("kstream ended with %v:\n%s", err, &said)
		}
	})
	for _, event := range []chan struct{}{written, handled} {
		select {
		case <-event:
		case err := <-ended:
			ended <- err
			w.t.Fatalf("kstream ended too early: %v", err)
		}
	}
	return &running{w.t, "http://" + addr}
}

// get returns the status and text of a page.
func (r *running) get(path string) (status int, text string) {
	r.t.Helper()
	resp, err := http.Get(r.url + path)
	must(r.t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	must(r.t, err)
	return resp.StatusCode, string(body)
}

// freeAddress returns an address on loopback that was free a moment ago.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	return l.Addr().String()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
