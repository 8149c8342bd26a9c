package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/glue"

	"github.com/kstream/kstream/internal/awsclient"
	"github.com/kstream/kstream/internal/config"
	"github.com/kstream/kstream/pkg/format/registry"
)

// schemaRegistry opens the schema registry that the chain names, and notes that it does.
func (j *job) schemaRegistry(name string) (registry.Source, error) {
	j.registries = append(j.registries, name)
	return openRegistry(j.conf, name)
}

// openRegistry opens a schema registry, confluent or glue.
func openRegistry(conf *config.Config, name string) (registry.Source, error) {
	if name == "glue" {
		aws, err := awsclient.Load(context.Background(), clientConfig(conf.Source, ""))
		if err != nil {
			return nil, fmt.Errorf("reaching the Glue schema registry: %w", err)
		}
		return registry.NewGlue(glue.NewFromConfig(aws)), nil
	}
	r := conf.Chain.SchemaRegistry
	if len(r.URLs) == 0 {
		return nil, errors.New("KSTREAM_SCHEMA_REGISTRY_URL says where the schema registry answers, and is not set")
	}
	source, err := registry.NewConfluent(registry.ConfluentConfig{URLs: r.URLs, User: r.User, Password: r.Password, Token: r.Token})
	if err != nil {
		return nil, fmt.Errorf("reaching the schema registry: %w", err)
	}
	return source, nil
}
