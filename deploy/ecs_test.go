package deploy

import (
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

func (d *taskDefinition) variables() map[string]string {
	variables := map[string]string{}
	for _, e := range d.ContainerDefinitions[0].Environment {
		variables[e.Name] = e.Value
	}
	return variables
}

// The task runs with variables that kstream takes, confined as the pod is, and is not killed in its last checkpoint.
func TestTask(t *testing.T) {
	d := readJSON[taskDefinition](t, "ecs/task-definition.json")
	c := d.ContainerDefinitions[0]
	variables := d.variables()
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
		Effect    string
		Action    []string
		Resource  []string
		Condition map[string]map[string]string
	}
}

// The policy is what `kstream check --policy` prints for the task's variables: what is called on the streams that are read and
// written, and nothing else.
func TestPolicy(t *testing.T) {
	task := readJSON[taskDefinition](t, "ecs/task-definition.json")
	w := newWorld(t, task.variables())
	out, err := w.command("check", "--policy").Output()
	must(t, err)
	want := strings.NewReplacer(w.server.Region(), "eu-west-1", w.server.Account(), "123456789012").Replace(string(out))
	if diff := cmp.Diff(want, string(read(t, "ecs/policy.json"))); diff != "" {
		t.Errorf("what kstream asks for (-) and what is allowed (+) differ:\n%s", diff)
	}
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
	if !strings.HasSuffix(state.Resource[0], "/"+efs.FileSystemID) || !strings.HasSuffix(point, "/"+efs.AuthorizationConfig["accessPointId"]) || efs.TransitEncryption != "ENABLED" {
		t.Errorf("the task mounts %+v, and may mount %s at %s", efs, state.Resource[0], point)
	}
}
