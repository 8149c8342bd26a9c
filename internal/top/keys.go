package top

import (
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
)

// keyHelp is what the keys do, as ? tells it.
var keyHelp = [][2]string{
	{"↑ ↓, k j", "the row above, below"},
	{"PgUp PgDn, ctrl+b/f", "ten rows"},
	{"Home End, g G", "the first row, the last"},
	{"Tab, shift+Tab", "the next pane, the one before"},
	{"s", "order by the next column, the largest first"},
	{"/", "rows with a text in them only; Enter keeps it, Esc drops it"},
	{"r", "ask now"},
	{"?", "this help"},
	{"q, ctrl+c", "quit; the kstream that is looked at goes on"},
}

// columnHelp is what ? tells of the numbers.
const columnHelp = "BEHIND is how old what has been handled is, LEFT how long what is read next is still kept by the stream. " +
	"Rates are those of the last ten seconds. What is red needs somebody."

// page is how many rows a page is.
const page = 10

// key does what a key says.
func (m *Model) key(k tea.KeyPressMsg) tea.Cmd {
	if k.String() == "ctrl+c" {
		return tea.Quit
	}
	if m.typing {
		m.typeKey(k)
		return nil
	}
	if m.help {
		m.help = false
		return nil
	}
	focus := m.panes[m.focus]
	switch k.String() {
	case "q":
		return tea.Quit
	case "r":
		return m.next()
	case "?", "h":
		m.help = true
	case "tab":
		m.focus = (m.focus + 1) % len(m.panes)
	case "shift+tab":
		m.focus = (m.focus + len(m.panes) - 1) % len(m.panes)
	case "s":
		focus.resort()
	case "/":
		m.typing = true
	case "esc":
		focus.search("")
	default:
		m.moveKey(k.String(), focus)
	}
	return nil
}

func (m *Model) moveKey(key string, focus pane) {
	switch key {
	case "up", "k":
		focus.move(-1)
	case "down", "j":
		focus.move(1)
	case "pgup", "ctrl+b":
		focus.move(-page)
	case "pgdown", "ctrl+f", "space":
		focus.move(page)
	case "home", "g":
		focus.move(-focus.length())
	case "end", "G":
		focus.move(focus.length())
	}
}

// typeKey changes the filter of the pane that has the focus.
func (m *Model) typeKey(k tea.KeyPressMsg) {
	focus := m.panes[m.focus]
	text := focus.searched()
	switch k.String() {
	case "enter":
		m.typing = false
	case "esc":
		m.typing = false
		focus.search("")
	case "backspace":
		_, size := utf8.DecodeLastRuneInString(text)
		focus.search(text[:len(text)-size])
	case "ctrl+u":
		focus.search("")
	default:
		if k.Text != "" {
			focus.search(text + k.Text)
		}
	}
}
