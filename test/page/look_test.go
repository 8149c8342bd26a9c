package page

import "testing"

// A person's colours are taken over, and what they choose on the page wins, also when they come back.
func TestColours(t *testing.T) {
	b := newBrowser(t)
	url := shows(t, report(3))
	b.looks(1280, 900, "light")
	b.open(url)
	bright := func(want bool) {
		t.Helper()
		b.until("its colours", `(Number(getComputedStyle(document.body).backgroundColor.match(/\d+/)[0]) > 128) === a[0]`, want)
	}
	bright(true)
	b.looks(1280, 900, "dark")
	bright(false)
	b.eval(`document.querySelector('button[data-theme="light"]').click()`)
	bright(true)
	b.open(url)
	bright(true)
	b.until("the choice", `document.querySelector('button[data-theme="light"]').getAttribute("aria-pressed") === "true"`)
}

// On a phone nothing is wider than the screen but tables, which scroll by themselves.
func TestOnAPhone(t *testing.T) {
	b := newBrowser(t)
	b.looks(390, 800, "light")
	b.open(shows(t, report(3)))
	b.until("its shards", `document.querySelectorAll("#shards tbody tr").length === 3`)
	if wide := b.eval(`document.documentElement.scrollWidth`); wide != 390.0 {
		t.Errorf("the page is %v pixels wide, on a screen of 390", wide)
	}
}

// Before there is a run, while a lock or the service is waited for, the page says so.
func TestBeforeTheRun(t *testing.T) {
	b := newBrowser(t)
	b.looks(1280, 900, "light")
	b.open(idle(t))
	b.until("that it starts", `document.body.dataset.state === "starting" && document.querySelector("#state-text").textContent === "starting"`)
	b.until("that nothing is read yet", `document.querySelector("#figure-behind").textContent.includes("no shard yet")`)
	if list := b.complaints(); len(list) > 0 {
		t.Errorf("the console has %q", list)
	}
}

// With thousands of shards the page holds the worst of them, and finds the others.
func TestManyShards(t *testing.T) {
	b := newBrowser(t)
	b.looks(1280, 900, "light")
	b.open(shows(t, report(5000)))
	rows := func(what, expression string, a ...any) {
		t.Helper()
		b.until(what, `((rows) => `+expression+`)([...document.querySelectorAll("#shards tbody tr")].map((r) => r.cells[0].textContent))`, a...)
	}
	rows("the worst first", `rows.length === 50 && rows[0] === a[0]`, shardName(4999))
	if n := b.eval(`document.querySelectorAll("*").length`).(float64); n > 2500 {
		t.Errorf("the page has %v elements", n)
	}
	b.keys("/")
	b.keys("4242")
	rows("the shard that is looked for", `rows.length === 1 && rows[0] === a[0]`, shardName(4242))
	b.until("how many there are", `document.querySelector("#shards-count").textContent === "1 of 5,000"`)
	b.eval(`document.querySelector("#search").select()`)
	b.keys("\ue003") // Backspace
	rows("all again", `rows.length === 50`)
	b.eval(`document.querySelector("#more").click()`)
	rows("more of them", `rows.length === 250`)
	b.eval(`document.querySelector("#shards th button").click()`)
	rows("by their names", `rows[0] === a[0]`, shardName(0))
}

// A reader of the screen, and one without a mouse, get to everything: each control has a name and takes the focus.
func TestReach(t *testing.T) {
	b := newBrowser(t)
	b.looks(1280, 900, "light")
	b.open(shows(t, report(60)))
	b.until("its shards", `document.querySelectorAll("#shards tbody tr").length === 50`)
	for what, expression := range map[string]string{
		"controls without a name":       `[...document.querySelectorAll("button, input, a, summary")].filter((e) => !e.textContent.trim() && !e.getAttribute("aria-label")).length`,
		"controls that take no focus":   `[...document.querySelectorAll("button:not([hidden]), input, a, summary")].filter((e) => e.tabIndex !== 0).length`,
		"drawings without words":        `[...document.querySelectorAll("svg")].filter((e) => !e.getAttribute("aria-label") && e.getAttribute("aria-hidden") !== "true").length`,
		"names that are given twice":    `((ids) => ids.length - new Set(ids).size)([...document.querySelectorAll("[id]")].map((e) => e.id))`,
		"headings that are out of line": `[...document.querySelectorAll("h1, h2, h3")].filter((h, i) => (h.tagName === "H1") !== (i === 0)).length`,
	} {
		if n := b.eval(expression); n != 0.0 {
			t.Errorf("%s: %v", what, n)
		}
	}
}
