package main

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// terminal is a pseudo-terminal of the kernel: what a program on its one side takes for a screen and keys, we read and write on the
// other.
type terminal struct {
	ours, theirs *os.File
}

// openTerminal opens one of that size. Close gives it back.
func openTerminal(columns, rows uint16) (*terminal, error) {
	ours, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, fmt.Errorf("opening a pseudo-terminal: %w", err)
	}
	t := &terminal{ours: ours}
	fd := int(ours.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Close()
		return nil, fmt.Errorf("unlocking the pseudo-terminal: %w", err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Close()
		return nil, fmt.Errorf("asking for the pseudo-terminal's number: %w", err)
	}
	if t.theirs, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0); err != nil {
		t.Close()
		return nil, fmt.Errorf("opening the program's side of the pseudo-terminal: %w", err)
	}
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: rows, Col: columns}); err != nil {
		t.Close()
		return nil, fmt.Errorf("setting the pseudo-terminal's size: %w", err)
	}
	return t, nil
}

// start starts a command with t as its terminal, once. When it has ended, reading ours fails.
func (t *terminal) start(c *exec.Cmd) error {
	c.Stdin, c.Stdout, c.Stderr = t.theirs, t.theirs, t.theirs
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := c.Start(); err != nil {
		return fmt.Errorf("starting %s: %w", c.Path, err)
	}
	// The program has its own; with none open any more, reading ends.
	return t.theirs.Close()
}

// Close closes both sides, which may be closed already.
func (t *terminal) Close() {
	t.ours.Close()
	if t.theirs != nil {
		t.theirs.Close()
	}
}
