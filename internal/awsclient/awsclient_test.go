package awsclient

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
)

// setEnv leaves nothing of AWS' in the environment but what is given, and no files.
func setEnv(t *testing.T, env map[string]string) {
	t.Helper()
	for _, pair := range os.Environ() {
		if name, _, _ := strings.Cut(pair, "="); strings.HasPrefix(name, "AWS_") {
			t.Setenv(name, "")
			if err := os.Unsetenv(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	nowhere := filepath.Join(t.TempDir(), "none")
	t.Setenv("AWS_CONFIG_FILE", nowhere)
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", nowhere)
	for name, value := range env {
		t.Setenv(name, value)
	}
}

func TestNew(t *testing.T) {
	keys := map[string]string{"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y"}
	with := func(more ...string) map[string]string {
		env := map[string]string{}
		for k, v := range keys {
			env[k] = v
		}
		for i := 0; i < len(more); i += 2 {
			env[more[i]] = more[i+1]
		}
		return env
	}
	tests := []struct {
		name             string
		env              map[string]string
		config           Config
		region, endpoint string
		err              string
	}{
		{name: "the SDK's region", env: with("AWS_REGION", "eu-west-1"), region: "eu-west-1"},
		{name: "an ARN's region wins", env: with("AWS_REGION", "eu-west-1"),
			config: Config{Region: RegionOf("arn:aws:kinesis:ap-south-1:123456789012:stream/logs")}, region: "ap-south-1"},
		{name: "no region", env: with(), err: "set AWS_REGION"},
		{name: "the SDK's endpoint", env: with("AWS_REGION", "r", "AWS_ENDPOINT_URL", "http://localstack:4566"),
			region: "r", endpoint: "http://localstack:4566"},
		{name: "the service's endpoint", env: with("AWS_REGION", "r", "AWS_ENDPOINT_URL", "http://one:1", "AWS_ENDPOINT_URL_KINESIS", "http://two:2"),
			region: "r", endpoint: "http://two:2"},
		{name: "an endpoint that was said wins", env: with("AWS_REGION", "r", "AWS_ENDPOINT_URL_KINESIS", "http://two:2"),
			config: Config{EndpointURL: "https://three"}, region: "r", endpoint: "https://three"},
		{name: "an emulator and no credentials", env: map[string]string{"AWS_REGION": "r", "AWS_ENDPOINT_URL": "http://localstack:4566"},
			err: "AWS_ACCESS_KEY_ID=x"},
		{name: "AWS and no credentials", env: map[string]string{"AWS_REGION": "r", "AWS_EC2_METADATA_DISABLED": "true"},
			err: "AWS_PROFILE"},
		{name: "a profile that is not there", env: with("AWS_REGION", "r", "AWS_PROFILE", "ghost"), err: `there is no AWS profile "ghost"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			setEnv(t, tt.env)
			client, err := New(t.Context(), tt.config)
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Fatalf("error %v, want one with %q", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			o := client.Options()
			if o.Region != tt.region || aws.ToString(o.BaseEndpoint) != tt.endpoint {
				t.Errorf("region %q, endpoint %q; want %q, %q", o.Region, aws.ToString(o.BaseEndpoint), tt.region, tt.endpoint)
			}
			if _, ok := o.HTTPClient.(plainBody); !ok {
				t.Errorf("the client sends with a %T", o.HTTPClient)
			}
		})
	}
}

// TestRole sees a role assumed with the SDK's credentials, once, and its own ones used for the call.
func TestRole(t *testing.T) {
	calls := newSTS(t)
	setEnv(t, map[string]string{"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "base", "AWS_SECRET_ACCESS_KEY": "y",
		"AWS_ENDPOINT_URL_STS": calls.URL})
	cfg, err := Load(t.Context(), Config{RoleARN: "arn:aws:iam::123456789012:role/reader", ExternalID: "them"})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		got, err := kinesis.NewFromConfig(cfg).Options().Credentials.Retrieve(t.Context())
		if err != nil || got.AccessKeyID != "ASSUMED" {
			t.Fatalf("credentials %q, %v", got.AccessKeyID, err)
		}
	}
	want := "RoleArn=arn:aws:iam::123456789012:role/reader ExternalId=them by base"
	if got := calls.seen(); len(got) != 1 || got[0] != want {
		t.Errorf("STS was asked %q, want %q once", got, want)
	}
}

func TestRegionOf(t *testing.T) {
	for arn, want := range map[string]string{
		"arn:aws:kinesis:eu-west-1:1:stream/a":       "eu-west-1",
		"arn:aws-cn:kinesis:cn-north-1:1:stream/a:b": "cn-north-1",
		"logs":            "",
		"arn:aws:kinesis": "",
		"urn:aws:kinesis:eu-west-1:123456789012:what": "",
	} {
		if got := RegionOf(arn); got != want {
			t.Errorf("RegionOf(%q) = %q, want %q", arn, got, want)
		}
	}
}

func TestIsEmulator(t *testing.T) {
	for endpoint, want := range map[string]bool{
		"":                             false,
		"http://localstack:4566":       true,
		"https://localhost:4567":       true,
		"https://127.0.0.1:4567":       true,
		"https://[::1]:4567":           true,
		"https://vpce-1.kinesis.x.com": false,
		"https://10.0.0.7":             false,
	} {
		if got := isEmulator(endpoint); got != want {
			t.Errorf("isEmulator(%q) = %t", endpoint, got)
		}
	}
}
