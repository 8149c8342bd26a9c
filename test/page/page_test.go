package page

import (
	"fmt"
	"strings"
	"testing"
)

// hostile is a payload that would take the page over if it were anything but text there.
const hostile = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`

// chain has markup in its own text too.
const chain = `filter status >= 500 && note != "<b id='owned'>"
set n = int(n)`

// lines are 6 records that the filter drops, 4 that pass, and 2 that can't be handled: one is no JSON, one's error is
// told in words that it brings along.
func lines() (list []string) {
	for i := range 10 {
		list = append(list, fmt.Sprintf(`{"status": %d, "n": "%d"}`, map[bool]int{true: 200, false: 503}[i < 6], i))
	}
	return append(list, hostile, `{"status": 500, "n": "<img src=y onerror=alert(1)>"}`)
}

// reads returns a page that has shown all of lines.
func reads(t *testing.T, variables ...string) (b *browser, url string, stop func()) {
	t.Helper()
	w := newWorld(t)
	b = newBrowser(t)
	url, stop = w.run(chain, variables...)
	b.looks(1280, 1600, "light")
	b.open(url)
	w.put(lines()...)
	b.until("the run", `document.body.dataset.state === "running"`)
	b.until("what was read", `document.querySelector("#figure-read .under").textContent.endsWith("12 in all")`)
	b.until("what was written", `document.querySelector('[data-output="file"]').textContent.includes("4 records written")`)
	return b, url, stop
}

func TestPage(t *testing.T) {
	b, url, stop := reads(t)
	for what, expression := range map[string]string{
		"the stream":           `document.querySelector('[data-source="logs"]').textContent.includes("2 shards")`,
		"the assumed stage":    `document.querySelector('[data-stage="1:decode"]').textContent.includes("decode json, assumed")`,
		"the filter":           `document.querySelector('[data-stage="1:filter"]').textContent.includes("filter status >= 500 && note")`,
		"what it dropped":      `/filtered (.* · )?6$/.test(document.querySelector('[data-drop="1:filter filtered"]').textContent)`,
		"what failed":          `/dead letters (.* · )?1$/.test(document.querySelector('[data-drop="1:decode dead_letter"]').textContent)`,
		"a rate on an edge":    `/^[0-9.]+k?\/s$/.test(document.querySelector('[data-edge="1:filter"]').textContent)`,
		"a rate at the source": `/^[0-9.]+k?\/s$/.test(document.querySelector('[data-edge="source"]').textContent)`,
		"the dead letters":     `document.querySelectorAll("#letters li").length === 2`,
		"a checkpoint":         `document.querySelectorAll("#chart-checkpoints circle").length > 0`,
		"a line over time":     `/M.*L/.test(document.querySelector("#chart-throughput path.read").getAttribute("d"))`,
		"both shards":          `document.querySelectorAll("#shards tbody tr").length === 2`,
		"the lag of a shard":   `/^[0-9.]+ (ms|s)$/.test(document.querySelector("#shards tbody tr").cells[1].textContent)`,
		"the line of a shard":  `/M.*L/.test(document.querySelector("#shards tbody path").getAttribute("d"))`,
		"the stages as rows":   `[...document.querySelectorAll("#stages tbody tr")].map((r) => [...r.cells].map((c) => c.textContent).join(" ")).includes("1:filter 11 5 6 0 0 0")`,
	} {
		b.until(what, expression)
	}
	if text := b.eval(`document.body.innerText`).(string); strings.Contains(text, "document.title") {
		t.Errorf("the payload is shown, although nobody asked for it:\n%s", text)
	}
	unhurt(b, url)
	stop()
	b.until("that the process has gone", `document.body.dataset.state === "gone" && /^No answer since \d\d:\d\d:\d\d/.test(document.querySelector("#gone:not([hidden])").textContent)`)
}

func TestPayloadsOnRequest(t *testing.T) {
	b, url, _ := reads(t, "KSTREAM_HTTP_PAYLOADS=true")
	b.until("the payload, as text", `[...document.querySelectorAll("#letters pre")].some((p) => p.textContent === a[0] && p.querySelectorAll("img, script").length === 0)`, hostile)
	unhurt(b, url)
}

// unhurt checks that nothing that came with records or the chain became part of the page, that the browser has nothing to
// complain of, and that the page has asked nobody but kstream.
func unhurt(b *browser, url string) {
	b.t.Helper()
	if n := b.eval(`document.querySelectorAll("main img, main script, #owned").length`); n != 0.0 {
		b.t.Errorf("%v elements came with records or the chain", n)
	}
	if title := b.eval(`document.title`).(string); strings.Contains(title, "owned") {
		b.t.Errorf("the title is %q", title)
	}
	if list := b.complaints(); len(list) > 0 {
		b.t.Errorf("the console has %q", list)
	}
	asked := b.requested()
	if len(asked) < 5 {
		b.t.Errorf("only these requests are known: %q", asked)
	}
	for _, address := range asked {
		if !strings.HasPrefix(address, url) {
			b.t.Errorf("the page has asked %s", address)
		}
	}
}
