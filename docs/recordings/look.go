package main

// look sets the style of what is written next (SGR).
func (s *screen) look(list []int) {
	for i := 0; i < len(list); i++ {
		switch n := list[i]; n {
		case 0:
			s.style = style{}
		case 1:
			s.style.bold = true
		case 2:
			s.style.faint = true
		case 4:
			s.style.underline = true
		case 7:
			s.style.invert = true
		case 22:
			s.style.bold, s.style.faint = false, false
		case 24:
			s.style.underline = false
		case 27:
			s.style.invert = false
		case 38, 48:
			colour, used := extended(list[i+1:])
			i += used
			if n == 38 {
				s.style.fg = colour
			} else {
				s.style.bg = colour
			}
		case 39:
			s.style.fg = 0
		case 49:
			s.style.bg = 0
		default:
			s.plainColour(n)
		}
	}
}

func (s *screen) plainColour(n int) {
	switch {
	case n >= 30 && n <= 37:
		s.style.fg = 1 + n - 30
	case n >= 40 && n <= 47:
		s.style.bg = 1 + n - 40
	case n >= 90 && n <= 97:
		s.style.fg = 1 + 8 + n - 90
	case n >= 100 && n <= 107:
		s.style.bg = 1 + 8 + n - 100
	}
}

// extended reads a colour of the 256 or of all, and returns how many numbers it took.
func extended(list []int) (colour, used int) {
	switch {
	case len(list) >= 2 && list[0] == 5:
		return 1 + list[1]&0xff, 2
	case len(list) >= 4 && list[0] == 2:
		return trueColour + (list[1]&0xff)<<16 + (list[2]&0xff)<<8 + list[3]&0xff, 4
	}
	return 0, len(list)
}
