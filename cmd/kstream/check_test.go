package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// methodsOf returns the methods of an interface that is declared in a folder.
func methodsOf(t *testing.T, folder, name string) (methods []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	must(t, err)
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		must(t, err)
		ast.Inspect(f, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok || spec.Name.Name != name {
				return true
			}
			for _, m := range spec.Type.(*ast.InterfaceType).Methods.List {
				methods = append(methods, m.Names[0].Name)
			}
			return false
		})
	}
	slices.Sort(methods)
	return methods
}

// The policy names just the calls that the backends' clients have: a new one has to be tried, and allowed.
func TestPolicyKnowsEveryCall(t *testing.T) {
	for _, c := range []struct {
		folder, client string
		want           []string
	}{
		{"../../pkg/source/kinesis", "client", readCalls},
		{"../../pkg/sink/kinesis", "client", append([]string{aggregateCall}, writeCalls...)},
		{"../../pkg/format/registry", "glueAPI", []string{glueCall}},
	} {
		want := slices.Sorted(slices.Values(c.want))
		if diff := cmp.Diff(want, methodsOf(t, c.folder, c.client)); diff != "" {
			t.Errorf("what check knows of (-) and what %s calls (+):\n%s", c.folder, diff)
		}
	}
}

// checked runs `kstream check` and returns what it prints.
func checked(t *testing.T, status int, args ...string) string {
	t.Helper()
	var out, errOut bytes.Buffer
	if got := execute(append([]string{"check"}, args...), strings.NewReader(""), &out, &errOut); got != status {
		t.Fatalf("exit status %d, want %d: %s", got, status, &errOut)
	}
	return out.String()
}

func holds(t *testing.T, text string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in:\n%s", want, text)
		}
	}
}

const encrypted = `{"StreamDescriptionSummary":{"StreamName":"logs","StreamARN":"arn:aws:kinesis:eu-west-1:123456789012:stream/logs",
	"StreamStatus":"ACTIVE","StreamModeDetails":{"StreamMode":"ON_DEMAND"},"RetentionPeriodHours":8760,"OpenShardCount":4,
	"EncryptionType":"KMS","KeyId":%q,"ConsumerCount":2}}`

// A key of one's own has to allow what is done, and what has not been seen is not claimed.
func TestCheckOfAnEncryptedStream(t *testing.T) {
	const record = `{"Records":[{"SequenceNumber":"1","PartitionKey":"a","Data":"YQ=="}],"NextShardIterator":"i","MillisBehindLatest":0}`
	for _, c := range []struct{ name, key, records, tried, resource string }{
		{"read", "arn:aws:kms:eu-west-1:123456789012:key/k1", record, "ok       kms:Decrypt", `"arn:aws:kms:eu-west-1:123456789012:key/k1"`},
		{"by number", "k1", record, "ok       kms:Decrypt", `"arn:aws:kms:eu-west-1:123456789012:key/k1"`},
		{"nothing to read", "k1", `{"Records":[],"MillisBehindLatest":0}`, "untried  kms:Decrypt: no record came", `"kms:Decrypt"`},
		{"an alias", "alias/mine", record, "ok       kms:Decrypt", `"kms:ResourceAliases": "alias/mine"`},
		{"denied", "k1", "!KMSAccessDeniedException", "FAILED   kms:Decrypt", `"kms:Decrypt"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			answersOf(t, map[string]string{
				"DescribeStreamSummary": fmt.Sprintf(encrypted, c.key), "ListShards": listed, "GetShardIterator": `{"ShardIterator":"i"}`, "GetRecords": c.records,
				"ListStreamConsumers": "!AccessDeniedException",
			})
			status := 0
			if strings.HasPrefix(c.tried, "FAILED") {
				status = exitCheck
			}
			holds(t, checked(t, status, "--stream", "logs"), c.tried, c.resource,
				"on demand: each GB that is read is billed", "beyond 7 days", "2 registered consumers with their own 2 MB/s")
		})
	}
	answersOf(t, map[string]string{
		"DescribeStreamSummary": fmt.Sprintf(encrypted, "alias/aws/kinesis"), "ListShards": listed, "GetShardIterator": `{"ShardIterator":"i"}`, "GetRecords": record,
	})
	if got := checked(t, 0, "--stream", "logs"); strings.Contains(got, "kms:") {
		t.Errorf("the key that AWS keeps takes a permission:\n%s", got)
	}
}

// Nothing is written to find out whether it may be: a server that may not know dry runs is not asked for one.
func TestCheckWritesNothing(t *testing.T) {
	for _, c := range []struct{ name, iterator, put, want string }{
		{"allowed", "!DryRunOperationException", "!DryRunOperationException", "ok       kinesis:PutRecords\n"},
		{"denied", "!DryRunOperationException", "!AccessDeniedException", "FAILED   kinesis:PutRecords: access denied"},
		{"odd", "!DryRunOperationException", "!InternalFailure", "untried  kinesis:PutRecords: a dry run of it said"},
		{"an emulator", `{"ShardIterator":"i"}`, `{"it":"must not be called"}`, "untried  kinesis:PutRecords: only a write would show it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			answersOf(t, map[string]string{
				"DescribeStreamSummary": fmt.Sprintf(encrypted, "k1"), "ListShards": listed, "GetShardIterator": c.iterator, "PutRecords": c.put,
			})
			status := 0
			if strings.HasPrefix(c.want, "FAILED") {
				status = exitCheck
			}
			dir := t.TempDir()
			must(t, os.WriteFile(filepath.Join(dir, "in.jsonl"), []byte("{}\n"), 0o600))
			holds(t, checked(t, status, "--source", "file", "--input-path", filepath.Join(dir, "in.jsonl"), "--sink", "kinesis", "--sink-stream", "logs",
				"--state-dir", dir), c.want, "untried  kms:GenerateDataKey: only a write would show it", "each GB that is written is billed")
		})
	}
}

// A schema registry has to answer, and to take what it is told.
func TestCheckAsksTheRegistry(t *testing.T) {
	server := embedded(t)
	must(t, server.CreateStream("logs", 1))
	var answers atomic.Int32
	answers.Store(http.StatusNotFound)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(int(answers.Load()))
		fmt.Fprint(w, `{"error_code":40403,"message":"Schema not found"}`)
	}))
	t.Cleanup(s.Close)
	t.Setenv("KSTREAM_SCHEMA_REGISTRY_URL", s.URL)
	args := []string{"--stream", "logs", "--operators", "decode avro, registry confluent"}
	holds(t, checked(t, 0, args...), "ok       asking it for a schema")
	answers.Store(http.StatusUnauthorized)
	holds(t, checked(t, exitCheck, args...), "FAILED   asking it for a schema: the schema registry can't be used as it is set: it refuses the user")

	glue := checked(t, 0, "--stream", "logs", "--operators", "decode avro, registry glue")
	holds(t, glue, "untried  glue:GetSchemaVersion: a record has to come that names a schema", `"glue:GetSchemaVersion"`)
}

// stsServer answers as STS does, and refuses the role that ends in "no".
func stsServer(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "text/xml")
		switch {
		case r.Form.Get("Action") == "GetCallerIdentity":
			fmt.Fprint(w, `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/ann</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`)
		case strings.HasSuffix(r.Form.Get("RoleArn"), "no"):
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no way</Message></Error></ErrorResponse>`)
		default:
			fmt.Fprint(w, `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>a</AccessKeyId><SecretAccessKey>b</SecretAccessKey>`+
				`<SessionToken>c</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`)
		}
	}))
	t.Cleanup(s.Close)
	t.Setenv("AWS_ENDPOINT_URL_STS", s.URL)
}

// With roles there is a policy for each of those who call.
func TestCheckWithRoles(t *testing.T) {
	server := embedded(t)
	must(t, server.CreateStream("logs", 1))
	must(t, server.CreateStream("copy", 1))
	stsServer(t)
	args := []string{"--stream", "logs", "--sink", "kinesis", "--sink-stream", "copy", "--sink-role-arn", "arn:aws:iam::1:role/w", "--state-dir", t.TempDir()}
	text := checked(t, 0, append(args, "--role-arn", "arn:aws:iam::1:role/r")...)
	holds(t, text, "own identity: arn:aws:iam::123456789012:user/ann", "ok       sts:AssumeRole")
	for who, want := range map[string][]string{
		"own":    {"sts:AssumeRole arn:aws:iam::1:role/r arn:aws:iam::1:role/w"},
		"source": {"kinesis:DescribeStreamSummary kinesis:GetRecords kinesis:GetShardIterator kinesis:ListShards arn:aws:kinesis:us-east-1:123456789012:stream/logs"},
		"sink":   {"kinesis:DescribeStreamSummary kinesis:PutRecords arn:aws:kinesis:us-east-1:123456789012:stream/copy"},
	} {
		var p policy
		must(t, json.Unmarshal([]byte(checked(t, 0, append(args, "--role-arn", "arn:aws:iam::1:role/r", "--policy="+who)...)), &p))
		var got []string
		for _, s := range p.Statement {
			got = append(got, strings.Join(append(s.Action, s.Resource...), " "))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the policy of %s (-want +got):\n%s", who, diff)
		}
	}
	holds(t, checked(t, exitCheck, append(args, "--role-arn", "arn:aws:iam::1:role/no")...), "FAILED   sts:AssumeRole", "stream/logs")
}

func TestCheckJSON(t *testing.T) {
	server := embedded(t)
	must(t, server.CreateStream("logs", 1))
	t.Setenv("KSTREAM_SCHEMA_REGISTRY_PASSWORD", "hidden")
	for i := range 5 {
		_, _, err := server.Put("logs", "a", fmt.Appendf(nil, `{"n":%d}`, i))
		must(t, err)
	}
	text := checked(t, 0, "--stream", "logs", "--filter", "n > 3", "--from", "oldest", "--records", "3", "-o", "json")
	var got checkReport
	must(t, json.Unmarshal([]byte(text), &got))
	if strings.Contains(text, "hidden") || len(got.Configuration) < 40 || len(got.Records.Records) != 3 || got.Records.Out != 0 || got.Tried[0].Tries[3].Verdict != fine {
		t.Errorf("got %+v", got)
	}
	if n := string(got.Records.Records[2].Steps[1].Fields["n"]); n != "2" {
		t.Errorf("the third from the oldest has n %s", n)
	}
	must(t, json.Unmarshal([]byte(checked(t, 0, "--stream", "logs", "--filter", "n > 3", "--records", "2", "-o", "json")), &got))
	if got.Records.Out != 1 || len(got.Records.Records) != 2 {
		t.Errorf("of the newest two %d go out", got.Records.Out)
	}
}
