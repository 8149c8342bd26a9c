package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// child is set where the test's binary is the program that is recorded.
const child = "RECORDINGS_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(child) != "" {
		size, err := unix.IoctlGetWinsize(int(os.Stdout.Fd()), unix.TIOCGWINSZ)
		if err != nil {
			fmt.Fprintln(os.Stdout, err)
			os.Exit(1)
		}
		fmt.Fprintf(os.Stdout, "\x1b[31m%d by %d\x1b[0m\n", size.Col, size.Row)
		line, err := bufio.NewReader(os.Stdin).ReadString('\n')
		fmt.Fprintf(os.Stdout, "read %q, %v: %s\n", line, err, strings.Join(os.Args[1:], ","))
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// TestRecorder records a program that asks its terminal for its size and reads what is typed.
func TestRecorder(t *testing.T) {
	if _, err := os.Stat("/dev/ptmx"); err != nil {
		t.Skip("there are no pseudo-terminals here")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	r := &recorder{binary: self, dir: t.TempDir(), environ: []string{child + "=1"}, screen: newScreen(40, 8)}
	if err := r.run(context.Background(), step{command: "kstream say 'two words'", keys: []key{{0, "yes\n"}}}); err != nil {
		t.Fatal(err)
	}
	picture := r.end("a try")
	wellFormed(t, picture)
	want := []string{"$ kstream say 'two words'", "40 by 8", "yes", `read "yes\n", <nil>: say,two words`, "$", "", "", ""}
	got := shown(r.screen)
	if got[1] == "yes" { // the terminal's echo may come before what the program says first
		got[1], got[2] = got[2], got[1]
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for i := 1; i < len(r.frames); i++ {
		if r.frames[i].at <= r.frames[i-1].at {
			t.Errorf("frame %d is at %v, the one before at %v", i, r.frames[i].at, r.frames[i-1].at)
		}
	}
	if last := r.frames[len(r.frames)-1].at; last > time.Minute || len(r.frames) < 5 {
		t.Errorf("%d frames, the last at %v", len(r.frames), last)
	}
}
