// Package awsclient builds clients of AWS services from the SDK's own variables and files (AWS_REGION, AWS_PROFILE,
// AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_KINESIS, AWS_CA_BUNDLE …) and what kstream adds to them: a role on top, and an HTTP
// client fit for thousands of shards.
package awsclient

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/logging"

	"github.com/kstream/kstream/pkg/wire"
)

// Config is what may be said beyond the SDK's own settings. The zero Config adds nothing.
type Config struct {
	// Region wins over AWS_REGION: RegionOf an ARN belongs here.
	Region string
	// EndpointURL is where Kinesis answers; empty leaves it to AWS_ENDPOINT_URL and its like. A role is assumed at the
	// SDK's endpoint of STS whatever it says.
	EndpointURL string
	// RoleARN is assumed on top of the credentials that the SDK finds; ExternalID goes with it where it is not empty.
	RoleARN, ExternalID string
	// Wire is how records are asked for, read and sent: wire.JSON, wire.CBOR; nil is wire.JSON.
	Wire func(*kinesis.Options)
	// AppID names the program to the service: "kstream/1.2.0".
	AppID string
}

var (
	errNoRegion = errors.New("no AWS region: set AWS_REGION, or name the stream by its ARN")

	errNoCredentials = errors.New("no AWS credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, " +
		"or give the machine, task or pod a role")
)

// SettingsError is something that has to be set, and that no trying again will bring: a region, credentials.
type SettingsError struct{ Err error }

func (e *SettingsError) Error() string { return e.Err.Error() }
func (e *SettingsError) Unwrap() error { return e.Err }

// New returns a client of Kinesis, which reads and sends records with package wire. Its retries are the SDK's standard
// ones; whoever retries by himself passes a RetryMaxAttempts of 1 with the call. It blocks as Load does.
func New(ctx context.Context, c Config) (*kinesis.Client, error) {
	cfg, err := Load(ctx, c)
	if err != nil {
		return nil, err
	}
	read := c.Wire
	if read == nil {
		read = wire.JSON
	}
	return kinesis.NewFromConfig(cfg, read, func(o *kinesis.Options) {
		if c.EndpointURL != "" {
			o.BaseEndpoint = aws.String(c.EndpointURL) // cfg.BaseEndpoint would lose against AWS_ENDPOINT_URL_KINESIS
		}
	}), nil
}

// Load returns the configuration for clients of any service, without EndpointURL, which only New heeds. It blocks until
// credentials have been looked for, which may ask the machine's metadata service or STS, or until ctx ends. It fails with
// a *SettingsError where there is no region or there are no credentials at all; that STS or the network does not answer yet is left to the first
// call, which is retried.
func Load(ctx context.Context, c Config) (aws.Config, error) {
	cfg, err := load(ctx, c)
	var profile config.SharedConfigProfileNotExistError
	switch {
	case errors.As(err, &profile):
		return aws.Config{}, &SettingsError{fmt.Errorf("there is no AWS profile %q in ~/.aws/config: `aws configure list-profiles` lists those there are "+
			"(AWS_PROFILE names it, and AWS_CONFIG_FILE another file)", profile.Profile)}
	case err != nil:
		return aws.Config{}, fmt.Errorf("loading AWS configuration: %w", err)
	}
	if cfg.Region == "" {
		return aws.Config{}, &SettingsError{errNoRegion}
	}
	endpoint := endpointOf(cfg, c)
	if isEmulator(endpoint) {
		// An emulator takes any credentials, and asking a metadata service that is not there for some only costs seconds.
		if cfg, err = load(ctx, c, config.WithEC2IMDSClientEnableState(imds.ClientDisabled)); err != nil {
			return aws.Config{}, fmt.Errorf("loading AWS configuration: %w", err)
		}
	}
	if err := findCredentials(ctx, cfg, endpoint); err != nil {
		return aws.Config{}, err
	}
	if c.RoleARN != "" {
		cfg.Credentials = assumeRole(cfg, c)
	}
	cfg.HTTPClient = plainBody{cfg.HTTPClient}
	return cfg, nil
}

func load(ctx context.Context, c Config, more ...func(*config.LoadOptions) error) (aws.Config, error) {
	// The SDK warns on stderr of every body that a stop cuts off; what is worth saying is said by whoever calls.
	options := append([]func(*config.LoadOptions) error{config.WithHTTPClient(newHTTPClient()), config.WithLogger(logging.Nop{})}, more...)
	if c.Region != "" {
		options = append(options, config.WithRegion(c.Region))
	}
	if c.AppID != "" {
		options = append(options, config.WithAppID(c.AppID))
	}
	return config.LoadDefaultConfig(ctx, options...)
}

// endpointOf returns the URL that calls will go to, "" for AWS' own.
func endpointOf(cfg aws.Config, c Config) string {
	if c.EndpointURL != "" {
		return c.EndpointURL
	}
	return aws.ToString(kinesis.NewFromConfig(cfg).Options().BaseEndpoint)
}

// isEmulator tells an emulator's endpoint: AWS has none that is plain http or on this machine.
func isEmulator(endpoint string) bool {
	u, err := url.Parse(endpoint)
	if endpoint == "" || err != nil {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Scheme == "http" || u.Hostname() == "localhost" || err == nil && ip.IsLoopback()
}

func findCredentials(ctx context.Context, cfg aws.Config, endpoint string) error {
	_, err := cfg.Credentials.Retrieve(ctx)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("looking for AWS credentials: %w", err)
	case !nobodyHasAny(err):
		return nil
	case isEmulator(endpoint):
		return &SettingsError{fmt.Errorf("no AWS credentials for %s: an emulator takes any, set AWS_ACCESS_KEY_ID=x and AWS_SECRET_ACCESS_KEY=x", endpoint)}
	}
	return &SettingsError{errNoCredentials}
}

// nobodyHasAny tells a machine on which nothing gives credentials from one on which what gives them does not answer at
// the moment. The metadata service comes last in the SDK's chain; that it answers nothing is what can be known.
func nobodyHasAny(err error) bool {
	text := err.Error()
	return strings.Contains(text, "no EC2 IMDS role found") || strings.Contains(text, "access disabled to EC2 IMDS")
}

func assumeRole(cfg aws.Config, c Config) aws.CredentialsProvider {
	return aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(sts.NewFromConfig(cfg), c.RoleARN, func(o *stscreds.AssumeRoleOptions) {
		o.RoleSessionName = "kstream"
		if c.ExternalID != "" {
			o.ExternalID = aws.String(c.ExternalID)
		}
	}))
}

// RegionOf returns the region in an ARN, "" for what is none.
func RegionOf(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" {
		return ""
	}
	return parts[3]
}
