package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// pressed returns p behind keys, parted by spaces: names of keys, or text to type.
func pressed(t *testing.T, p picker, keys string) (end picker, quits bool) {
	t.Helper()
	codes := map[string]tea.Key{
		"up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown}, "pgup": {Code: tea.KeyPgUp}, "pgdown": {Code: tea.KeyPgDown},
		"home": {Code: tea.KeyHome}, "end": {Code: tea.KeyEnd}, "enter": {Code: tea.KeyEnter}, "esc": {Code: tea.KeyEscape},
		"backspace": {Code: tea.KeyBackspace}, "ctrl+c": {Code: 'c', Mod: tea.ModCtrl}, "ctrl+u": {Code: 'u', Mod: tea.ModCtrl},
		"space": {Code: tea.KeySpace, Text: " "},
	}
	for _, name := range strings.Fields(keys) {
		list := []tea.Key{codes[name]}
		if _, named := codes[name]; !named {
			list = nil
			for _, r := range name {
				list = append(list, tea.Key{Code: r, Text: string(r)})
			}
		}
		for _, k := range list {
			next, cmd := p.Update(tea.KeyPressMsg(k))
			p, quits = next.(picker), cmd != nil
		}
	}
	return p, quits
}

func TestPicker(t *testing.T) {
	names := []string{"clicks", "orders", "payments-EU", "payments-us"}
	for _, c := range []struct {
		keys, typed, marked, picked string
		over                        bool
	}{
		{"", "", "clicks", "", false},
		{"down down", "", "payments-EU", "", false},
		{"up", "", "clicks", "", false},
		{"end", "", "payments-us", "", false},
		{"end down home down", "", "orders", "", false},
		{"pgdown", "", "payments-us", "", false},
		{"pgdown pgup", "", "clicks", "", false},
		{"pay", "pay", "payments-EU", "", false},
		{"pay down", "pay", "payments-us", "", false},
		{"eu space pay", "eu pay", "payments-EU", "", false},
		{"payx", "payx", "", "", false},
		{"payx enter", "payx", "", "", false},
		{"payx down up end backspace", "pay", "payments-EU", "", false},
		{"payx ctrl+u", "", "clicks", "", false},
		{"backspace", "", "clicks", "", false},
		{"ord enter", "ord", "", "orders", true},
		{"down esc", "", "", "", true},
		{"ctrl+c", "", "", "", true},
	} {
		p, quits := pressed(t, picker{question: "Which?", names: names}, c.keys)
		if p.typed != c.typed || p.picked != c.picked || p.over != c.over || quits != c.over {
			t.Errorf("%q: got %+v, quits %t, want %+v", c.keys, p, quits, c)
		}
		view := p.View().Content
		if p.over {
			if view != "" {
				t.Errorf("%q: %q is left on the screen", c.keys, view)
			}
			continue
		}
		marked := regexp.MustCompile(`› \S+?m(\S+)\x1b`).FindStringSubmatch(view)
		if got := append(marked, "", "")[min(1, len(marked))]; got != c.marked {
			t.Errorf("%q: %q is marked, want %q, in\n%s", c.keys, got, c.marked, view)
		}
	}
}

// A long list is shown in part, with what is marked in it; a small terminal is not overrun.
func TestPickerOfMany(t *testing.T) {
	p := picker{question: "Which?"}
	for i := range 100 {
		p.names = append(p.names, fmt.Sprintf("stream-%02d", i))
	}
	for _, rows := range []int{0, 3, 4, 10, 50} {
		sized, _ := p.Update(tea.WindowSizeMsg{Height: rows, Width: 80})
		for _, keys := range []string{"", "down", "pgdown pgdown", "end", "end up up up up up"} {
			p, _ := pressed(t, sized.(picker), keys)
			view := p.View().Content
			if lines := strings.Count(view, "\n") + 1; rows > 3 && lines >= rows || lines > 17 {
				t.Errorf("%d rows: %q takes %d lines", rows, keys, lines)
			}
			if marked := p.names[p.at]; !strings.Contains(view, marked) {
				t.Errorf("%d rows: %q: %s is marked and not shown:\n%s", rows, keys, marked, view)
			}
		}
	}
}

// A name can be pasted.
func TestPickerPaste(t *testing.T) {
	p, _ := picker{question: "Which?", names: []string{"a", "b"}}.Update(tea.PasteMsg{Content: "b"})
	if got := p.(picker).matches(); len(got) != 1 || got[0] != "b" {
		t.Errorf("got %q, want b", got)
	}
}
