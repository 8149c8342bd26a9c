package endtoend

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/kstream/kstream/pkg/kinesislocal/kinesistest"
	"github.com/kstream/kstream/test/binary"
)

// process is a kstream that runs.
type process struct {
	t              *testing.T
	cmd            *exec.Cmd
	stdout, stderr output
	done           chan struct{} // closed when it has ended
}

// output is what a process has printed so far.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer // guarded by mu
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// start starts kstream with these variables and no others but those that lead it to the world. The test's end kills it.
func (w *world) start(t *testing.T, variables map[string]string, stdin string, args ...string) *process {
	t.Helper()
	p := &process{t: t, cmd: exec.CommandContext(t.Context(), binary.Path(t), args...), done: make(chan struct{})}
	p.cmd.Env = []string{"HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH"), "AWS_REGION=" + kinesistest.Region,
		"AWS_ENDPOINT_URL_KINESIS=" + w.endpoint, "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test"}
	for name, value := range variables {
		p.cmd.Env = append(p.cmd.Env, name+"="+value)
	}
	p.cmd.Stdin = bytes.NewReader([]byte(stdin))
	p.cmd.Stdout, p.cmd.Stderr = &p.stdout, &p.stderr
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.done)
		var exit *exec.ExitError
		if err := p.cmd.Wait(); err != nil && !errors.As(err, &exit) && t.Context().Err() == nil {
			t.Errorf("waiting for kstream: %v", err)
		}
	}()
	t.Cleanup(func() {
		<-p.done
		if t.Failed() {
			t.Logf("kstream %q printed on stderr:\n%s", args, &p.stderr)
		}
	})
	return p
}

// signal sends s, and returns the status with which the process ends; -1 for one that was killed.
func (p *process) signal(s syscall.Signal) int {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
	return p.wait()
}

func (p *process) wait() (status int) {
	p.t.Helper()
	select {
	case <-p.done:
	case <-time.After(patience):
		p.t.Fatalf("kstream has not ended after %s; it printed:\n%s", patience, &p.stderr)
	}
	return p.cmd.ProcessState.ExitCode()
}

// run waits for a process that has to end by itself with status 0, and returns the lines of its stdout.
func (w *world) run(t *testing.T, variables map[string]string, stdin string, args ...string) []string {
	t.Helper()
	p := w.start(t, variables, stdin, args...)
	if status := p.wait(); status != 0 {
		t.Fatalf("kstream %q ended with %d", args, status)
	}
	return splitLines(p.stdout.String())
}

// until waits for what a running process brings about, and fails when the process ends without it.
func (p *process) until(what string, holds func() bool) {
	p.t.Helper()
	const look = 20 * time.Millisecond
	ticker := time.NewTicker(look)
	defer ticker.Stop()
	tooLate := time.NewTimer(patience)
	defer tooLate.Stop()
	for !holds() {
		select {
		case <-ticker.C:
		case <-p.done:
			p.t.Fatalf("kstream ended with %d before %s", p.cmd.ProcessState.ExitCode(), what)
		case <-tooLate.C:
			p.t.Fatalf("after %s not yet: %s", patience, what)
		}
	}
}
