package main

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// picker is a list of names on a terminal to pick one from: arrows move, typing narrows, Enter picks, Esc gives up. It is a
// bubbletea model, and a value: each key makes the next one.
type picker struct {
	question string
	names    []string
	typed    string
	at       int // of the names that match
	rows     int // that the terminal has; 0: not known yet
	picked   string
	over     bool
}

// Init implements tea.Model.
func (picker) Init() tea.Cmd { return nil }

// Update implements tea.Model.
func (p picker) Update(m tea.Msg) (tea.Model, tea.Cmd) {
	switch m := m.(type) {
	case tea.WindowSizeMsg:
		p.rows = m.Height
	case tea.PasteMsg:
		p = p.narrow(p.typed + m.Content)
	case tea.KeyPressMsg:
		if p = p.press(tea.Key(m)); p.over {
			return p, tea.Quit
		}
	}
	return p, nil
}

// press returns the picker behind a key.
func (p picker) press(k tea.Key) picker {
	matches := p.matches()
	switch k.Keystroke() {
	case "esc", "ctrl+c", "ctrl+d":
		p.over = true
	case "enter", "kpenter":
		if len(matches) > 0 {
			p.picked, p.over = matches[p.at], true
		}
	case "up", "ctrl+p", "shift+tab":
		p.at--
	case "down", "ctrl+n", "tab":
		p.at++
	case "pgup":
		p.at -= p.page()
	case "pgdown":
		p.at += p.page()
	case "home":
		p.at = 0
	case "end":
		p.at = len(matches)
	case "backspace":
		typed := []rune(p.typed)
		return p.narrow(string(typed[:max(0, len(typed)-1)]))
	case "ctrl+u", "ctrl+w":
		return p.narrow("")
	default:
		if k.Text != "" {
			return p.narrow(p.typed + k.Text)
		}
	}
	p.at = max(0, min(p.at, len(matches)-1))
	return p
}

// narrow returns the picker with that typed.
func (p picker) narrow(typed string) picker {
	p.typed, p.at = typed, 0
	return p
}

// matches returns the names that have each word of what is typed in them, in capitals or not.
func (p picker) matches() []string {
	words := strings.Fields(strings.ToLower(p.typed))
	return slices.DeleteFunc(slices.Clone(p.names), func(name string) bool {
		return slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(strings.ToLower(name), word) })
	})
}

// page returns how many names are shown at once: what the terminal has room for, and no more than can be taken in.
func (p picker) page() int {
	const most, others = 15, 3 // the question, the count, and the line that the shell's prompt will be on
	if p.rows == 0 {
		return most
	}
	return max(1, min(most, p.rows-others))
}

// View implements tea.Model. Behind the end it is empty: what is left on the screen is the records.
func (p picker) View() tea.View {
	if p.over {
		return tea.NewView("")
	}
	var b strings.Builder
	matches, n := p.matches(), p.page()
	fmt.Fprintf(&b, "%s %s▏\n", p.question, p.typed)
	first := max(0, min(p.at-n/2, len(matches)-n))
	for i := first; i < min(first+n, len(matches)); i++ {
		if i == p.at {
			fmt.Fprintf(&b, "› \x1b[1m%s\x1b[m\n", matches[i])
		} else {
			fmt.Fprintf(&b, "  %s\n", matches[i])
		}
	}
	fmt.Fprintf(&b, "%d of %d; type to narrow, Enter takes one, Esc none", len(matches), len(p.names))
	return tea.NewView(b.String())
}
