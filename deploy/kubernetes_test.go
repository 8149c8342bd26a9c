package deploy

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// What the manifests are made of: the fields that they use and no others, under Kubernetes' names.
type (
	meta struct {
		Name                string
		Labels, Annotations map[string]string
	}
	workload struct {
		APIVersion string `yaml:"apiVersion"`
		Kind       string
		Metadata   meta
		Spec       struct {
			Replicas    int
			ServiceName string `yaml:"serviceName"`
			Selector    struct {
				MatchLabels map[string]string `yaml:"matchLabels"`
			}
			Template struct {
				Metadata meta
				Spec     podSpec
			}
			VolumeClaimTemplates []struct {
				Metadata meta
				Spec     struct {
					AccessModes []string `yaml:"accessModes"`
					Resources   struct{ Requests map[string]string }
				}
			} `yaml:"volumeClaimTemplates"`
		}
	}
	podSpec struct {
		ServiceAccountName            string `yaml:"serviceAccountName"`
		AutomountServiceAccountToken  *bool  `yaml:"automountServiceAccountToken"`
		EnableServiceLinks            *bool  `yaml:"enableServiceLinks"`
		TerminationGracePeriodSeconds int    `yaml:"terminationGracePeriodSeconds"`
		SecurityContext               struct {
			RunAsNonRoot        bool              `yaml:"runAsNonRoot"`
			RunAsUser           int               `yaml:"runAsUser"`
			RunAsGroup          int               `yaml:"runAsGroup"`
			FSGroup             int               `yaml:"fsGroup"`
			FSGroupChangePolicy string            `yaml:"fsGroupChangePolicy"`
			SeccompProfile      map[string]string `yaml:"seccompProfile"`
		} `yaml:"securityContext"`
		Containers []container
		Volumes    []struct {
			Name      string
			ConfigMap map[string]string `yaml:"configMap"`
		}
	}
	container struct {
		Name, Image string
		Env         []struct{ Name, Value string }
		Ports       []struct {
			Name          string
			ContainerPort int `yaml:"containerPort"`
		}
		LivenessProbe  probe                        `yaml:"livenessProbe"`
		ReadinessProbe probe                        `yaml:"readinessProbe"`
		Resources      map[string]map[string]string // requests, limits
		Security       struct {
			AllowPrivilegeEscalation *bool `yaml:"allowPrivilegeEscalation"`
			ReadOnlyRootFilesystem   bool  `yaml:"readOnlyRootFilesystem"`
			Capabilities             map[string][]string
		} `yaml:"securityContext"`
		VolumeMounts []struct {
			Name      string
			MountPath string `yaml:"mountPath"`
			ReadOnly  bool   `yaml:"readOnly"`
		} `yaml:"volumeMounts"`
	}
	probe struct {
		HTTPGet          map[string]string `yaml:"httpGet"`
		PeriodSeconds    int               `yaml:"periodSeconds"`
		TimeoutSeconds   int               `yaml:"timeoutSeconds"`
		FailureThreshold int               `yaml:"failureThreshold"`
	}
	anything struct {
		APIVersion string `yaml:"apiVersion"`
		Kind       string
		Metadata   map[string]any
		Spec       map[string]any
	}
	kustomization struct {
		APIVersion         string `yaml:"apiVersion"`
		Kind, Namespace    string
		Resources          []string
		ConfigMapGenerator []struct {
			Name  string
			Files []string
		} `yaml:"configMapGenerator"`
		Images []map[string]string
	}
)

func statefulSet(t *testing.T) (workload, container, map[string]string) {
	t.Helper()
	set := readYAML[workload](t, "kubernetes/statefulset.yaml")
	if len(set) != 1 || len(set[0].Spec.Template.Spec.Containers) != 1 {
		t.Fatal("there is one workload, of one container")
	}
	c := set[0].Spec.Template.Spec.Containers[0]
	variables := map[string]string{}
	for _, e := range c.Env {
		variables[e.Name] = e.Value
	}
	return set[0], c, variables
}

// The pod runs with the variables and the chain that it is given, and answers its probes.
func TestPodRuns(t *testing.T) {
	_, c, variables := statefulSet(t)
	if port := variables["KSTREAM_HTTP_ADDR"]; c.Ports[0].Name != "http" || port != ":8080" || c.Ports[0].ContainerPort != 8080 {
		t.Errorf("it listens on %s, and %+v is to be asked", port, c.Ports)
	}
	variables["KSTREAM_OPERATORS_FILE"] = strings.Replace(variables["KSTREAM_OPERATORS_FILE"], "/etc/kstream", "kubernetes", 1)
	w := newWorld(t, variables)
	w.check()
	r := w.run(`{"ts":"2026-01-01T10:00:00Z","service":"cart","level":"error","status":500,"message":"no"}`)
	for _, p := range []probe{c.LivenessProbe, c.ReadinessProbe} {
		if status, text := r.get(p.HTTPGet["path"]); status != 200 || p.HTTPGet["port"] != "http" || p.PeriodSeconds < 1 || p.TimeoutSeconds < 1 {
			t.Errorf("%+v: it answers %d: %s", p, status, text)
		}
	}
	if c.LivenessProbe.HTTPGet["path"] != "/healthz" || c.ReadinessProbe.HTTPGet["path"] != "/readyz" {
		t.Error("/healthz is what a restart helps against, /readyz what a rollout waits for")
	}
}

// The pod is what Kubernetes' "restricted" standard asks for, and has no more than it needs.
func TestPodIsConfined(t *testing.T) {
	set, c, variables := statefulSet(t)
	p := set.Spec.Template.Spec
	s := p.SecurityContext
	if !s.RunAsNonRoot || s.RunAsUser != 65532 || s.RunAsGroup != 65532 || s.FSGroup != 65532 || s.SeccompProfile["type"] != "RuntimeDefault" {
		t.Errorf("the pod runs as %+v", s)
	}
	if c.Security.AllowPrivilegeEscalation == nil || *c.Security.AllowPrivilegeEscalation || !c.Security.ReadOnlyRootFilesystem ||
		!slices.Equal(c.Security.Capabilities["drop"], []string{"ALL"}) {
		t.Errorf("the container may do %+v", c.Security)
	}
	if p.EnableServiceLinks == nil || *p.EnableServiceLinks || p.AutomountServiceAccountToken == nil || *p.AutomountServiceAccountToken {
		t.Error("service links and the API server's token are on")
	}
	if c.Resources["limits"]["memory"] == "" || c.Resources["limits"]["memory"] != c.Resources["requests"]["memory"] || c.Resources["limits"]["cpu"] != "" {
		t.Errorf("its resources are %v", c.Resources)
	}
	outlives(t, time.Duration(p.TerminationGracePeriodSeconds)*time.Second, variables)
}

// The parts of the manifests name each other rightly.
func TestManifestsFit(t *testing.T) {
	set, c, variables := statefulSet(t)
	k := readYAML[kustomization](t, "kubernetes/kustomization.yaml")[0]
	objects := map[string]anything{}
	for _, file := range k.Resources {
		for _, o := range readYAML[anything](t, "kubernetes/"+file) {
			objects[o.Kind+"/"+o.Metadata["name"].(string)] = o
		}
	}
	want := []string{"Namespace/" + k.Namespace, "Service/" + set.Spec.ServiceName, "ServiceAccount/" + set.Spec.Template.Spec.ServiceAccountName, "StatefulSet/kstream"}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(objects))); diff != "" {
		t.Errorf("wanted (-) and given (+) objects differ:\n%s", diff)
	}
	labels := set.Spec.Template.Metadata.Labels
	if set.Spec.Replicas != 1 || len(labels) == 0 || !maps.Equal(labels, set.Spec.Selector.MatchLabels) {
		t.Errorf("%d replicas with the labels %v, selected by %v", set.Spec.Replicas, labels, set.Spec.Selector.MatchLabels)
	}
	for name, value := range labels {
		if got := objects["Service/kstream"].Spec["selector"].(map[string]any)[name]; got != value {
			t.Errorf("the service selects %s=%v", name, got)
		}
	}
	if a := set.Spec.Template.Metadata.Annotations; a["prometheus.io/scrape"] != "true" || a["prometheus.io/port"] != "8080" {
		t.Errorf("Prometheus is told %v", a)
	}
	mounts := map[string]string{}
	for _, m := range c.VolumeMounts {
		mounts[m.Name] = m.MountPath
	}
	claim, volume, chain := set.Spec.VolumeClaimTemplates[0], set.Spec.Template.Spec.Volumes[0], k.ConfigMapGenerator[0]
	if mounts[claim.Metadata.Name] != variables["KSTREAM_STATE_DIR"] || claim.Spec.AccessModes[0] != "ReadWriteOnce" {
		t.Errorf("the volume %s is at %q, STATE_DIR is %q", claim.Metadata.Name, mounts[claim.Metadata.Name], variables["KSTREAM_STATE_DIR"])
	}
	if volume.ConfigMap["name"] != chain.Name || mounts[volume.Name]+"/"+chain.Files[0] != variables["KSTREAM_OPERATORS_FILE"] {
		t.Errorf("the chain %v is at %q, and OPERATORS_FILE is %q", chain, mounts[volume.Name], variables["KSTREAM_OPERATORS_FILE"])
	}
	if k.Images[0]["name"] != c.Image {
		t.Errorf("the image %q is set, and %q is run", k.Images[0]["name"], c.Image)
	}
	monitor := readYAML[anything](t, "kubernetes/podmonitor.yaml")[0]
	selector := monitor.Spec["selector"].(map[string]any)["matchLabels"].(map[string]any)
	if job := monitor.Spec["jobLabel"].(string); labels[job] != "kstream" || selector[job] != "kstream" {
		t.Errorf("the monitor makes jobs of %q and selects %v, of the labels %v", job, selector, labels)
	}
}
