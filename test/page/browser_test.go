package page

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image/png"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

const driverVariable = "KSTREAM_TEST_CHROMEDRIVER"

// browser is a headless Chromium, spoken to in the WebDriver protocol.
type browser struct {
	t       *testing.T
	session string // the URL of the session
}

// newBrowser starts one with a profile of its own. The test's end quits it.
func newBrowser(t *testing.T) *browser {
	t.Helper()
	driver := os.Getenv(driverVariable)
	if driver == "" {
		t.Skip(driverVariable + " is not set: make test-page does")
	}
	b := &browser{t: t, session: startDriver(t, driver) + "/session"}
	args := []string{
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars", "--user-data-dir=" + t.TempDir(),
	}
	options := map[string]any{"args": args, "perfLoggingPrefs": map[string]any{"enableNetwork": true, "enablePage": false}}
	if chromium, err := exec.LookPath("chromium"); err == nil {
		options["binary"] = chromium
	}
	var started struct{ SessionID string }
	b.call(http.MethodPost, "", map[string]any{"capabilities": map[string]any{"alwaysMatch": map[string]any{
		"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": map[string]string{"browser": "ALL", "performance": "ALL"},
		"timeouts": map[string]int{"script": 200_000},
	}}}, &started)
	b.session += "/" + started.SessionID
	t.Cleanup(func() { b.call(http.MethodDelete, "", nil, nil) })
	b.open("about:blank") // away from its own start page, whose requests are no concern of ours
	b.requested()
	return b
}

// startDriver starts chromedriver on a free port and returns its address.
func startDriver(t *testing.T, driver string) string {
	t.Helper()
	c := exec.Command(driver, "--port=0")
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // with its browser
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL) // what is left of it, if anything
		_ = c.Wait()
	})
	started := regexp.MustCompile(`started successfully on port (\d+)`)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if m := started.FindStringSubmatch(lines.Text()); m != nil {
			return "http://127.0.0.1:" + m[1]
		}
	}
	t.Fatalf("%s has not started: %v", driver, lines.Err())
	return ""
}

// call asks the driver, and decodes the value of its answer into value; nil: it is not wanted.
func (b *browser) call(method, path string, body, value any) {
	b.t.Helper()
	if body == nil {
		body = struct{}{}
	}
	data, err := json.Marshal(body)
	if err != nil {
		b.t.Fatal(err)
	}
	req, err := http.NewRequest(method, b.session+path, bytes.NewReader(data))
	if err != nil {
		b.t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer struct{ Value json.RawMessage }
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		b.t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK {
		b.t.Fatalf("the browser says to %s %s: %s", method, path, answer.Value)
	}
	if value != nil {
		if err := json.Unmarshal(answer.Value, value); err != nil {
			b.t.Fatalf("%s %s: %s: %v", method, path, answer.Value, err)
		}
	}
}

func (b *browser) open(url string) {
	b.t.Helper()
	b.call(http.MethodPost, "/url", map[string]string{"url": url}, nil)
}

// eval returns what an expression is in the page; its arguments are a.
func (b *browser) eval(expression string, a ...any) (value any) {
	b.t.Helper()
	b.call(http.MethodPost, "/execute/sync", map[string]any{"script": "const a = arguments; return " + expression, "args": append([]any{}, a...)}, &value)
	return value
}

// until waits for an expression to be true in the page. The page looks, after each of its changes, for minutes on a busy machine.
func (b *browser) until(what, expression string, a ...any) {
	b.t.Helper()
	const script = `const a = arguments, done = a[a.length - 1];
const holds = () => { try { return %s; } catch { return false; } };
if (holds()) { done("") } else {
  const end = setTimeout(() => { watch.disconnect(); done(document.body.innerText) }, 150000);
  const watch = new MutationObserver(() => { if (holds()) { clearTimeout(end); watch.disconnect(); done("") } });
  watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
}`
	var seen string
	b.call(http.MethodPost, "/execute/async", map[string]any{"script": fmt.Sprintf(script, expression), "args": append([]any{}, a...)}, &seen)
	if seen != "" {
		b.picture(filepath.Join(os.TempDir(), "kstream-page.png"))
		b.t.Fatalf("not in the page: %s (%s); it says:\n%s", what, expression, seen)
	}
}

// keys presses keys, one after the other, wherever the focus is. Those without a character have WebDriver's code points.
func (b *browser) keys(text string) {
	b.t.Helper()
	var presses []map[string]string
	for _, r := range text {
		presses = append(presses, map[string]string{"type": "keyDown", "value": string(r)}, map[string]string{"type": "keyUp", "value": string(r)})
	}
	b.call(http.MethodPost, "/actions", map[string]any{"actions": []any{map[string]any{"type": "key", "id": "keyboard", "actions": presses}}}, nil)
}

// devtools sends a command of the DevTools protocol.
func (b *browser) devtools(command string, parameters any) {
	b.t.Helper()
	b.call(http.MethodPost, "/goog/cdp/execute", map[string]any{"cmd": command, "params": parameters}, nil)
}

// looks sets the size of the window and which colours the person prefers: light or dark.
func (b *browser) looks(width, height int, colours string) {
	b.t.Helper()
	b.devtools("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false})
	b.devtools("Emulation.setEmulatedMedia", map[string]any{"features": []any{map[string]string{"name": "prefers-color-scheme", "value": colours}}})
}

// picture writes what is on the screen to a PNG file.
func (b *browser) picture(path string) {
	b.t.Helper()
	var text string
	b.call(http.MethodGet, "/screenshot", nil, &text)
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		b.t.Fatal(err)
	}
	drawn, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		b.t.Fatal(err)
	}
	var small bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&small, drawn); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(path, small.Bytes(), 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// complaints returns what stands in the console, of the level of a warning or worse.
func (b *browser) complaints() (list []string) {
	b.t.Helper()
	var entries []struct{ Level, Message string }
	b.call(http.MethodPost, "/se/log", map[string]string{"type": "browser"}, &entries)
	for _, e := range entries {
		if e.Level == "SEVERE" || e.Level == "WARNING" {
			list = append(list, e.Message)
		}
	}
	return list
}

// requested returns the addresses that the page has asked since the last call.
func (b *browser) requested() (urls []string) {
	b.t.Helper()
	var entries []struct{ Message string }
	b.call(http.MethodPost, "/se/log", map[string]string{"type": "performance"}, &entries)
	for _, e := range entries {
		var event struct {
			Message struct {
				Method string
				Params struct{ Request struct{ URL string } }
			}
		}
		if err := json.Unmarshal([]byte(e.Message), &event); err != nil {
			b.t.Fatal(err)
		}
		if m := event.Message; strings.HasSuffix(m.Method, "requestWillBeSent") {
			urls = append(urls, m.Params.Request.URL)
		}
	}
	return urls
}
