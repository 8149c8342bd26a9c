package resident

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const smaps = `00400000-0158c000 r-xp 00000000 fe:00 10469648                           /usr/bin/kstream
Size:              17968 kB
Rss:               15856 kB
Anonymous:             0 kB
VmFlags: rd ex mr mw me
0158c000-0287a000 r--p 0118c000 fe:00 10469648                           /usr/bin/kstream
Rss:               15480 kB
Anonymous:             0 kB
0287a000-029fb000 rw-p 0247a000 fe:00 10469648                           /usr/bin/kstream
Anonymous:             0 kB
029fb000-04c89000 r--p 025fb000 fe:00 10469648                           /usr/bin/kstream
Anonymous:             4 kB
04c89000-04c8a000 r--p 00000000 fe:00 10469649                           /lib/usr/bin/other
Anonymous:             0 kB
1f4a2dc00000-1f4a2f800000 rw-p 00000000 00:00 0 
Anonymous:         21420 kB
7ffc55d5f000-7ffc55d61000 r-xp 00000000 00:00 0                          [vdso]
Anonymous:             0 kB
`

func TestUnwritten(t *testing.T) {
	got := unwritten([]byte(smaps), "/usr/bin/kstream")
	want := []span{{0x400000, 0x158c000}, {0x158c000, 0x287a000}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(span{})); diff != "" {
		t.Errorf("of the program's mappings (-want +got):\n%s", diff)
	}
	if got := unwritten([]byte(smaps), "/usr/bin/kstream (deleted)"); got != nil {
		t.Errorf("%x are those of another file", got)
	}
}

// fileKiB returns how much of files is mapped into this process.
func fileKiB(t *testing.T) int {
	t.Helper()
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "RssFile:")
	n, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestShed sees pages of this very program go, which runs on.
func TestShed(t *testing.T) {
	fileKiB(t) // what looking needs is mapped by looking once
	before := fileKiB(t)
	if err := Shed(); err != nil {
		t.Fatal(err)
	}
	if after := fileKiB(t); after >= before {
		t.Errorf("%d KiB of the program were mapped before, %d are after", before, after)
	}
}
