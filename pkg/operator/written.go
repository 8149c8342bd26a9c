package operator

import "slices"

// Written is a stage as the chain's author knows it.
type Written struct {
	// Label is the name that metrics, logs and dead letters know the stage by: "3:filter".
	Label string
	// Text is how it stands in the chain, without comments, or how the plan describes a stage that it has added.
	Text string
	// Part is where it runs: 0 in the lanes, n behind the n-th exchange. A window runs where its aggregate does, although what
	// comes late is told from the rest ahead of the exchange.
	Part int
	// Assumed is true of a stage that the plan has added.
	Assumed bool
}

// Written returns the stages of the chain in order, those included that the plan has added. The slice is the caller's.
func (p *Plan) Written() []Written { return slices.Clone(p.written) }

// write notes c, which has been compiled, and what the plan has added for it from step from on.
func (b *builder) write(c *clause, from int) {
	list, part := b.plan.written, len(b.plan.parts)-1
	for _, s := range b.plan.steps[from:] {
		known := slices.ContainsFunc(list, func(w Written) bool { return w.Label == s.label })
		if s.text != "" && s.label != c.label() && !known {
			list = append(list, Written{s.label, s.text, s.part, true})
		}
	}
	if n := len(list); c.word.String() == "aggregate" && n > 0 {
		list[n-1].Part = part
	}
	list = append(list, Written{Label: c.label(), Text: c.all.String(), Part: part})
	b.plan.written = list
}
