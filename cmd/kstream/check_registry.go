package main

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"

	"github.com/kstream/kstream/pkg/format/registry"
)

// tryRegistry asks a Confluent schema registry for a schema that is hardly there: to say so, it has to answer, and to take user
// and password.
func (j *job) tryRegistry(ctx context.Context, a *attempt) {
	const name = "confluent"
	if !slices.Contains(j.registries, name) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	s := a.add("schema registry " + strings.Join(j.conf.Chain.SchemaRegistry.URLs, ", "))
	source, err := openRegistry(j.conf, name)
	if err == nil {
		_, err = source.Schema(ctx, registry.ID{Kind: registry.Confluent, Number: math.MaxInt32})
	}
	if errors.Is(err, registry.ErrNotFound) {
		err = nil
	}
	s.note("asking it for a schema", "", err)
}
