package top

import "charm.land/lipgloss/v2"

// palette is how things look. Its colours are the terminal's own sixteen, which people have set for a dark or a light
// background; the zero palette is plain text.
type palette struct {
	name    lipgloss.Style // of what a number is
	good    lipgloss.Style
	warning lipgloss.Style
	bad     lipgloss.Style
	spark   lipgloss.Style
	head    lipgloss.Style // of a pane's columns
	focus   lipgloss.Style // of the pane that keys go to
	cursor  lipgloss.Style // its row
	hint    lipgloss.Style
}

func colours() palette {
	style := lipgloss.NewStyle
	return palette{
		name: style().Faint(true), good: style().Foreground(lipgloss.Green), warning: style().Foreground(lipgloss.Yellow),
		bad: style().Bold(true).Foreground(lipgloss.Red), spark: style().Foreground(lipgloss.Cyan),
		head: style().Bold(true), focus: style().Bold(true).Reverse(true), cursor: style().Reverse(true),
		hint: style().Faint(true),
	}
}
