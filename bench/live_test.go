package main

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
)

// TestLive runs it with few keys, which a container of the least size holds in memory.
func TestLive(t *testing.T) {
	kstream := buildKstream(t)
	var out, errOut bytes.Buffer
	args := []string{"live", "-keys", "20000", "-limit", "128", "-interval", "300ms", "-kstream", kstream}
	if status := execute(args, strings.NewReader(""), &out, &errOut); status != 0 {
		t.Fatalf("ended with %d: %s", status, &errOut)
	}
	for _, row := range []string{
		`all keys come in +\| +20,000 \| +[0-9.]+ \| +[0-9,]+ \| +[0-9,]+ `, `nothing changes +\| +0 \| +\| +\| +`,
		`0.1 % of the keys change +\| +20 `, `1 % of the keys change +\| +200 `, `10 % of the keys change +\| +2,000 `,
	} {
		if !regexp.MustCompile(`(?m)^\| ` + row + `.*(\| +[0-9,]+ ){6}\|$`).Match(out.Bytes()) {
			t.Errorf("there is no row like %s", row)
		}
	}
	if t.Failed() {
		t.Logf("the table:\n%s", &out)
	}
}

// TestLiveNotices has kstream take more memory than it may, and miss keys.
func TestLiveNotices(t *testing.T) {
	l := &liveRun{settings: &settings{keys: 10, limit: 1 << 20}}
	l.box.seen.keys, l.box.high = 10, 1<<20
	if err := l.check(); err != nil {
		t.Errorf("ten keys in one MiB: %v", err)
	}
	l.box.high++
	if err := l.check(); err == nil || !strings.Contains(err.Error(), "would have been killed") {
		t.Errorf("one byte too much: %v", err)
	}
	l.box.seen.keys--
	if err := l.check(); err == nil || !strings.Contains(err.Error(), "has 9 keys, and not 10") {
		t.Errorf("a key is missing: %v", err)
	}
}

// TestDevicesAreScattered holds that each key comes once, and that those which change are different ones.
func TestDevicesAreScattered(t *testing.T) {
	l := &liveRun{settings: &settings{keys: 100_000}}
	for _, every := range []int{1, 10, 1000} {
		seen := map[int]bool{}
		for i := range l.keys / every {
			seen[l.device(i*every)] = true
		}
		if len(seen) != l.keys/every {
			t.Errorf("every %d-th: %d keys, want %d", every, len(seen), l.keys/every)
		}
	}
}
