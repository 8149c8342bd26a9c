package operator

import (
	"maps"
	"slices"
)

// Stages returns the words that a stage may begin with, sorted: what has to be documented, and what an editor completes.
func Stages() []string { return slices.Sorted(maps.Keys(operators)) }
