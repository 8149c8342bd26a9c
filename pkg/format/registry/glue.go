package registry

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
)

// glueAPI is the call of *glue.Client that a GlueSource makes. The client tries again by itself, a few times.
type glueAPI interface {
	GetSchemaVersion(context.Context, *glue.GetSchemaVersionInput, ...func(*glue.Options)) (*glue.GetSchemaVersionOutput, error)
}

// GlueSource asks AWS Glue's schema registry. Its schemas have no references.
type GlueSource struct{ api glueAPI }

// NewGlue returns a source that asks by way of api, a *glue.Client.
func NewGlue(api glueAPI) *GlueSource { return &GlueSource{api} }

// Kind returns Glue.
func (s *GlueSource) Kind() Kind { return Glue }

// Schema asks for the version of a schema that id is.
func (s *GlueSource) Schema(ctx context.Context, id ID) (*Schema, error) {
	text := id.String()
	v, err := s.api.GetSchemaVersion(ctx, &glue.GetSchemaVersionInput{SchemaVersionId: &text})
	var notFound *types.EntityNotFoundException
	var invalid *types.InvalidInputException
	var denied *types.AccessDeniedException
	switch {
	case errors.As(err, &notFound):
		return nil, fmt.Errorf("%w in this account and region", ErrNotFound)
	case errors.As(err, &invalid): // asking again would be the same question
		return nil, fmt.Errorf("%w: AWS Glue does not take its id", ErrNotFound)
	case errors.As(err, &denied):
		return nil, fmt.Errorf("%w: %w", ErrUnusable, err)
	case err != nil:
		return nil, fmt.Errorf("asking AWS Glue for a schema: %w", err)
	case v == nil || v.SchemaDefinition == nil || v.Status == types.SchemaVersionStatusPending:
		return nil, errors.New("AWS Glue is still checking the schema")
	}
	return &Schema{Type: Type(v.DataFormat), Text: *v.SchemaDefinition}, nil
}
