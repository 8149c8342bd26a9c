// Package resident keeps what a process holds of the machine's memory to what its work needs.
package resident

import (
	"bytes"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"golang.org/x/sys/unix"
)

// Shed gives back what a start has left behind. Its garbage is collected, and free memory goes to the system. The pages of the
// program itself go too, text and constants: a start runs through most of them once, the init of every library among it, and what
// idles touches a tenth. What is needed comes back from the page cache, 64 KiB at a time and in microseconds; the rest counts no
// more as this process's, and a system that is short of memory takes it first.
//
// It costs one collection, and blocks for as long. Goroutines go on meanwhile. After an error the process goes on as before.
func Shed() error {
	debug.FreeOSMemory()
	program, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return fmt.Errorf("finding the program's file: %w", err)
	}
	maps, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		return fmt.Errorf("reading what is mapped: %w", err)
	}
	for _, s := range unwritten(maps, program) {
		if _, _, errno := unix.Syscall(unix.SYS_MADVISE, s.start, s.end-s.start, unix.MADV_DONTNEED); errno != 0 {
			return fmt.Errorf("giving back pages of the program: %w", errno)
		}
	}
	return nil
}

// span is a range of addresses.
type span struct{ start, end uintptr }

// unwritten returns the mappings of file, by what /proc/self/smaps says, that can't be written to and of which no page ever was.
// Where one was, by a loader that relocated it or a debugger's breakpoint, giving it back would undo that.
func unwritten(smaps []byte, file string) []span {
	var spans []span
	var at span
	wanted := false
	for line := range bytes.Lines(smaps) {
		text := strings.TrimSuffix(string(line), "\n")
		var next span
		var offset, inode uint64
		var access, device string
		// 00401000-0158c000 r-xp 00001000 fe:00 10469648    /usr/local/bin/kstream
		if n, _ := fmt.Sscanf(text, "%x-%x %s %x %s %d", &next.start, &next.end, &access, &offset, &device, &inode); n == 6 {
			at, wanted = next, (access == "r-xp" || access == "r--p") && strings.HasSuffix(text, " "+file)
			continue
		}
		// Anonymous:             0 kB
		if pages, found := strings.CutPrefix(text, "Anonymous:"); found && wanted && strings.TrimSpace(pages) == "0 kB" {
			spans = append(spans, at)
		}
	}
	return spans
}
