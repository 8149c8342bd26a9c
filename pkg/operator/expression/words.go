package expression

import (
	"maps"
	"slices"
)

// Functions returns the names of all functions that an expression may call, sorted: what has to be documented, and what an
// editor completes.
func Functions() []string {
	names := slices.Collect(maps.Keys(functions))
	return slices.Sorted(slices.Values(slices.AppendSeq(names, maps.Keys(predicates))))
}
