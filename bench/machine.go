package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ticksPerSecond is the unit of /proc/stat: USER_HZ, which is 100 on every architecture that Go runs on.
const ticksPerSecond = 100

// observation is what the machine and this process had done when the measuring began.
type observation struct {
	at      time.Time
	busy    time.Duration // of all cores; negative: not known
	own     time.Duration
	average string // the load average, "" where it is not known
}

func observe() observation {
	o := observation{at: time.Now(), busy: busyTime(), own: ownTime()}
	if text, err := os.ReadFile("/proc/loadavg"); err == nil {
		o.average, _, _ = strings.Cut(string(text), " ")
	}
	return o
}

// report says what machine it is, and how much of it others took meanwhile: their part is what the kernel counted as busy,
// less this process and its children, all of which have ended.
func (o observation) report(version string) string {
	others := "what others took is not known"
	if now := busyTime(); o.busy >= 0 && now >= 0 {
		part := max(0, (now-o.busy)-(ownTime()-o.own)).Seconds() / time.Since(o.at).Seconds()
		others = fmt.Sprintf("load average %s before, %.2f cores taken by others meanwhile", o.average, part)
	}
	return fmt.Sprintf("%s; %s, %d cores, %s/%s; bench built with %s\n%s; %.0f s in all, %s",
		version, cpuModel(), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version(),
		time.Now().UTC().Format("2006-01-02 15:04 UTC"), time.Since(o.at).Seconds(), others)
}

// ownTime is the CPU time of this process and of its children that have ended.
func ownTime() time.Duration {
	var total time.Duration
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var u syscall.Rusage
		if syscall.Getrusage(who, &u) == nil {
			total += time.Duration(u.Utime.Nano() + u.Stime.Nano())
		}
	}
	return total
}

// busyTime is the time that the machine's cores have not been idle, waiting for disks apart; negative: not known.
func busyTime() time.Duration {
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return -1
	}
	return parseBusy(text)
}

// parseBusy reads the first line of /proc/stat: user nice system idle iowait irq softirq steal.
func parseBusy(text []byte) time.Duration {
	const idle, waiting, counted = 3, 4, 8
	line, _, _ := bytes.Cut(text, []byte{'\n'})
	fields := strings.Fields(string(line))
	if len(fields) <= counted || fields[0] != "cpu" {
		return -1
	}
	var ticks int64
	for i, field := range fields[1 : counted+1] {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return -1
		}
		if i != idle && i != waiting {
			ticks += n
		}
	}
	return time.Duration(ticks) * time.Second / ticksPerSecond
}

func cpuModel() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "an unknown processor"
	}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		if name, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "an unknown processor"
}

func versionOf(ctx context.Context, kstream string) (string, error) {
	out, err := exec.CommandContext(ctx, kstream, "version").Output()
	if err != nil {
		return "", fmt.Errorf("asking %s for its version: %w", kstream, err)
	}
	return strings.TrimSpace(string(out)), nil
}
