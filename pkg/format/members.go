package format

import "bytes"

// Members are the members of a payload's outermost map that a projection wants, for readers that make JSON of those alone. Nil is
// all of them. Goroutines may share them.
type Members []memberName

// memberName is a name, as it is and as JSON has it.
type memberName struct{ plain, quoted []byte }

// Members returns the members that hold the wanted fields. Want may not be called on p after it.
func (p *Projection) Members() Members {
	if _, whole := p.Whole(); whole {
		return nil
	}
	m := Members{}
	for _, w := range p.Wanted() {
		for joined := 1; joined <= w.Path.Dotted; joined++ {
			name := []byte(w.Path.Joined(joined)[0])
			m = append(m, memberName{name, AppendString(nil, name)})
		}
	}
	return m
}

// Plain returns the name in quotes of the member whose name is text; nil where nobody wants it.
func (m Members) Plain(text []byte) (quoted []byte) {
	for i := range m {
		if bytes.Equal(text, m[i].plain) {
			return m[i].quoted
		}
	}
	return nil
}

// Quoted is Plain for a name that is in quotes already.
func (m Members) Quoted(text []byte) (quoted []byte) {
	for i := range m {
		if bytes.Equal(text, m[i].quoted) {
			return m[i].quoted
		}
	}
	return nil
}
