// Package nearest finds the name that someone probably meant.
package nearest

import (
	"slices"
	"strings"
)

// Of returns the one of names that is nearest to name, or "" where none is near enough to be what was meant: a third of
// its letters may be wrong, and at least one, but not all. A difference of case alone is no distance.
func Of(name string, names []string) string {
	if near := Some(name, names, 1); len(near) > 0 {
		return near[0]
	}
	return ""
}

// Some returns up to most of names that are near enough to name, the nearest first and those that are as near in their order.
// It returns none where name is one of them.
func Some(name string, names []string, most int) (near []string) {
	bound := min(max(1, len(name)/3)+1, len(name))
	byDistance := make([][]string, bound)
	for _, n := range names {
		if n == name {
			return nil
		}
		if d := distance(strings.ToLower(name), strings.ToLower(n)); d < bound {
			byDistance[d] = append(byDistance[d], n)
		}
	}
	near = slices.Concat(byDistance...)
	return near[:min(most, len(near))]
}

// distance is Levenshtein's, with two letters that changed places as one fault: the commonest slip of the hand.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}
