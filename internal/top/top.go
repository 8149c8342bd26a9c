// Package top is the full-screen view of a running kstream: what its status page tells, for a terminal. It asks again and again,
// and goes on asking where nothing answers.
package top

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/kstream/kstream/pkg/status"
)

const (
	// Interval is how often it asks: as often as the status has a sample.
	Interval = 2 * time.Second
	// lookBack is how many looks a shard's rates go back: a minute.
	lookBack = 30
	// widest is how many samples of the history a line of the header can show.
	widest = 300
)

// Ask asks the kstream for its status, with what its history has behind since, in Unix milliseconds. It blocks until ctx ends
// at most. Its error says what to try.
type Ask func(ctx context.Context, since int64) (*status.Report, error)

// Model is what is on the screen. It implements tea.Model; its methods are called from one goroutine.
type Model struct {
	addr string
	ask  Ask
	looks
	palette palette

	asking   bool
	question int // how many there were: only the last one's answer leads to another

	width, height int
	panes         []pane
	focus         int
	typing        bool // a filter is being typed
	help          bool
}

// pane is a table, whatever its rows are.
type pane interface {
	draw(p *palette, width, height int, focus bool) []string
	length() int
	move(n int)
	resort()
	search(text string)
	searched() string
}

// New returns the view of the kstream at addr, which ask asks.
func New(addr string, ask Ask) *Model {
	m := &Model{addr: addr, ask: ask, looks: newLooks(), palette: colours()}
	m.panes = []pane{m.shards, m.stages, m.outputs}
	return m
}

// Answer is what came of one question: a report, or an error.
type Answer struct {
	At     time.Time
	Report *status.Report
	Err    error
}

// again is when it is time to ask again, unless there has been another question since.
type again struct{ question int }

// Init asks for the first time.
func (m *Model) Init() tea.Cmd { return m.next() }

// next asks, without blocking, where no answer is waited for.
func (m *Model) next() tea.Cmd {
	if m.asking {
		return nil
	}
	m.asking = true
	m.question++
	ask, since := m.ask, m.sampled
	return func() tea.Msg {
		report, err := ask(context.Background(), since)
		return Answer{time.Now(), report, err}
	}
}

// Update takes an answer, a key or the window's size.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
	case Answer:
		m.take(msg)
		m.asking = false
		question := m.question
		return m, tea.Tick(Interval, func(time.Time) tea.Msg { return again{question} })
	case again:
		if msg.question == m.question {
			return m, m.next()
		}
	case tea.PasteMsg:
		if m.typing {
			m.panes[m.focus].search(m.panes[m.focus].searched() + msg.Content)
		}
	case tea.KeyPressMsg:
		return m, m.key(msg)
	}
	return m, nil
}
