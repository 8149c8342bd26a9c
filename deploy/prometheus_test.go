package deploy

import (
	"os/exec"
	"testing"
	"time"
)

type ruleFile struct {
	Groups []struct {
		Name  string
		Rules []rule
	}
}

type rule struct {
	Alert, Expr         string
	For                 string
	Labels, Annotations map[string]string
}

// Every alert asks for what kstream exports, says how urgent it is, and leads to what is to be done.
func TestAlerts(t *testing.T) {
	e := exports(t)
	alerts := map[string]string{}
	for _, g := range readYAML[ruleFile](t, "prometheus/rules.yaml")[0].Groups {
		for _, r := range g.Rules {
			alerts[r.Alert] = r.Labels["severity"]
			for _, fault := range e.judge(r.Expr, "") {
				t.Errorf("%s: %s", r.Alert, fault)
			}
			if r.For != "" {
				if d, err := time.ParseDuration(r.For); err != nil || d < time.Minute {
					t.Errorf("%s: it waits for %s (%v)", r.Alert, r.For, err)
				}
			}
			if s := r.Labels["severity"]; s != "critical" && s != "warning" {
				t.Errorf("%s: how urgent is %q?", r.Alert, s)
			}
			if r.Annotations["summary"] == "" || r.Annotations["description"] == "" {
				t.Errorf("%s: it does not say what has happened", r.Alert)
			}
			leads(t, r.Annotations["runbook_url"])
		}
	}
	for name, severity := range map[string]string{
		"KstreamDown": "critical", "KstreamRetentionLeft": "critical", "KstreamTrimmed": "critical", "KstreamCheckpointStale": "critical",
		"KstreamBehind": "warning", "KstreamDeadLetters": "warning",
	} {
		if alerts[name] != severity {
			t.Errorf("%s is %q, want %q", name, alerts[name], severity)
		}
	}
}

// promtool reads the rules as Prometheus does, and raises each alert in time series of its own.
func TestPromtool(t *testing.T) {
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("make lint-deploy fetches promtool: ", err)
	}
	for _, args := range [][]string{
		{"check", "rules", "rules.yaml"}, {"check", "config", "prometheus.yaml"}, {"test", "rules", "rules_test.yaml"},
	} {
		c := exec.CommandContext(t.Context(), promtool, args...)
		c.Dir = "prometheus"
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("promtool %v: %v\n%s", args, err, out)
		}
	}
}

// Each alert is tried, raised and not raised.
func TestAlertsAreTested(t *testing.T) {
	type testFile struct {
		RuleFiles          []string `yaml:"rule_files"`
		EvaluationInterval string   `yaml:"evaluation_interval"`
		Tests              []struct {
			Name, Interval string
			InputSeries    []map[string]string `yaml:"input_series"`
			PromqlExprTest []map[string]any    `yaml:"promql_expr_test"`
			AlertRuleTest  []struct {
				EvalTime  string `yaml:"eval_time"`
				Alertname string
				ExpAlerts []map[string]any `yaml:"exp_alerts"`
			} `yaml:"alert_rule_test"`
		}
	}
	raised, quiet := map[string]bool{}, map[string]bool{}
	for _, one := range readYAML[testFile](t, "prometheus/rules_test.yaml")[0].Tests {
		for _, a := range one.AlertRuleTest {
			if len(a.ExpAlerts) > 0 {
				raised[a.Alertname] = true
			} else {
				quiet[a.Alertname] = true
			}
		}
		for _, q := range one.PromqlExprTest {
			for _, m := range matcher.FindAllStringSubmatch(q["expr"].(string), -1) {
				if samples, _ := q["exp_samples"].([]any); m[1] == "alertname" && len(samples) > 0 {
					raised[m[3]] = true
				}
			}
		}
	}
	for _, g := range readYAML[ruleFile](t, "prometheus/rules.yaml")[0].Groups {
		for _, r := range g.Rules {
			if !raised[r.Alert] || r.For != "" && !quiet[r.Alert] {
				t.Errorf("%s: raised in a test: %t; not raised in one: %t", r.Alert, raised[r.Alert], quiet[r.Alert])
			}
		}
	}
}

// Pods are found by the annotations that the StatefulSet gives them, under the job that the alerts are for.
func TestScrapeConfig(t *testing.T) {
	type scrape struct {
		ScrapeConfigs []struct {
			JobName string              `yaml:"job_name"`
			Pods    []map[string]string `yaml:"kubernetes_sd_configs"`
			Relabel []struct {
				Source      []string `yaml:"source_labels"`
				Regex       string
				Action      string
				Replacement string
				Target      string `yaml:"target_label"`
			} `yaml:"relabel_configs"`
		} `yaml:"scrape_configs"`
	}
	jobs := readYAML[scrape](t, "prometheus/kubernetes-pods.yaml")[0].ScrapeConfigs
	if len(jobs) != 1 || jobs[0].JobName != "kstream" || jobs[0].Pods[0]["role"] != "pod" {
		t.Errorf("the jobs are %+v", jobs)
	}
}
