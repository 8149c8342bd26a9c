package deploy

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type taskDefinition struct {
	Family, NetworkMode, CPU, Memory, TaskRoleArn, ExecutionRoleArn string
	RequiresCompatibilities                                         []string
	RuntimePlatform                                                 map[string]string
	ContainerDefinitions                                            []struct {
		Name, Image, User      string
		Essential              bool
		ReadonlyRootFilesystem bool
		Memory, StopTimeout    int
		LinuxParameters        struct{ Capabilities map[string][]string }
		Environment            []struct{ Name, Value string }
		PortMappings           []map[string]any
		HealthCheck            struct {
			Command                                 []string
			Interval, Timeout, Retries, StartPeriod int
		}
		MountPoints      []struct{ SourceVolume, ContainerPath string }
		LogConfiguration struct {
			LogDriver string
			Options   map[string]string
		}
	}
	Volumes []struct {
		Name                   string
		EfsVolumeConfiguration struct {
			FileSystemID, TransitEncryption string
			AuthorizationConfig             map[string]string
		}
	}
}

// The task runs with variables that kstream takes, confined as the pod is, and is not killed in its last checkpoint.
func TestTask(t *testing.T) {
	d := readJSON[taskDefinition](t, "ecs/task-definition.json")
	c := d.ContainerDefinitions[0]
	variables := map[string]string{}
	for _, e := range c.Environment {
		variables[e.Name] = e.Value
	}
	outlives(t, time.Duration(c.StopTimeout)*time.Second, variables)
	if c.User != "65532:65532" || !c.ReadonlyRootFilesystem || !slices.Equal(c.LinuxParameters.Capabilities["drop"], []string{"ALL"}) {
		t.Errorf("it runs as %q with %+v", c.User, c.LinuxParameters)
	}
	if !slices.Equal(c.HealthCheck.Command, []string{"CMD", "/kstream", "health"}) || c.HealthCheck.Interval < 5 {
		t.Errorf("it is asked for its health by %+v", c.HealthCheck)
	}
	if m := c.MountPoints[0]; m.ContainerPath != variables["KSTREAM_STATE_DIR"] || m.SourceVolume != d.Volumes[0].Name {
		t.Errorf("STATE_DIR is %s, and %+v is mounted of %+v", variables["KSTREAM_STATE_DIR"], m, d.Volumes)
	}
	if c.Memory == 0 {
		t.Error("without the container's own limit kstream does not know how much it may take")
	}
	newWorld(t, variables).check()
}

type policy struct {
	Version   string
	Statement []struct {
		Sid, Effect string
		Action      []string
		Resource    string
		Condition   map[string]map[string]string
	}
}

// The policy allows what source and sink call, on the streams that the task reads and writes, and nothing else.
func TestPolicy(t *testing.T) {
	got := map[string][]string{}
	for _, s := range readJSON[policy](t, "ecs/policy.json").Statement {
		if s.Effect != "Allow" || s.Condition != nil {
			t.Errorf("%s is %s under %v", s.Sid, s.Effect, s.Condition)
		}
		slices.Sort(s.Action)
		got[s.Resource] = append(got[s.Resource], s.Action...)
	}
	const stream = "arn:aws:kinesis:eu-west-1:123456789012:stream/"
	want := map[string][]string{stream + "logs": calls(t, "../pkg/source/kinesis"), stream + "errors": calls(t, "../pkg/sink/kinesis")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what is called (-) and what is allowed (+) differ:\n%s", diff)
	}
}

// calls returns the actions that a package's client interface is made of: the calls that it makes.
func calls(t *testing.T, folder string) (actions []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	must(t, err)
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		must(t, err)
		ast.Inspect(parsed, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok || spec.Name.Name != "client" || strings.HasSuffix(file, "_test.go") {
				return true
			}
			for _, method := range spec.Type.(*ast.InterfaceType).Methods.List {
				actions = append(actions, "kinesis:"+method.Names[0].Name)
			}
			return false
		})
	}
	if len(actions) < 3 {
		t.Fatalf("the calls of %s are %q: this is not its client", folder, actions)
	}
	slices.Sort(actions)
	return actions
}

// The role may be taken by tasks of the account alone, and the state by the role alone, encrypted on its way.
func TestRoles(t *testing.T) {
	trust := readJSON[struct {
		Version   string
		Statement []struct {
			Effect    string
			Principal map[string]string
			Action    string
			Condition map[string]map[string]string
		}
	}](t, "ecs/trust-policy.json").Statement[0]
	if trust.Principal["Service"] != "ecs-tasks.amazonaws.com" || trust.Action != "sts:AssumeRole" || trust.Condition["StringEquals"]["aws:SourceAccount"] == "" {
		t.Errorf("the role can be taken by %+v", trust)
	}
	task, state := readJSON[taskDefinition](t, "ecs/task-definition.json"), readJSON[policy](t, "ecs/policy-state.json").Statement[0]
	efs := task.Volumes[0].EfsVolumeConfiguration
	point := state.Condition["StringEquals"]["elasticfilesystem:AccessPointArn"]
	if !strings.HasSuffix(state.Resource, "/"+efs.FileSystemID) || !strings.HasSuffix(point, "/"+efs.AuthorizationConfig["accessPointId"]) || efs.TransitEncryption != "ENABLED" {
		t.Errorf("the task mounts %+v, and may mount %s at %s", efs, state.Resource, point)
	}
}
