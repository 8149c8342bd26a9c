package deploy

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// dashboard is what of Grafana's model is looked at.
type dashboard struct {
	Title, UID    string
	SchemaVersion int
	Panels        []panel
	Templating    struct{ List []variable }
	Annotations   struct{ List []struct{ Expr string } }
}

type panel struct {
	ID                       int
	Type, Title, Description string
	Datasource               struct{ UID string }
	GridPos                  struct{ X, Y, W, H int }
	Targets                  []struct{ Expr, LegendFormat string }
	FieldConfig              struct{ Defaults struct{ Unit string } }
}

type variable struct {
	Name, Type string
	Definition string
}

func readDashboard(t *testing.T) dashboard {
	t.Helper()
	var d dashboard
	must(t, json.Unmarshal(read(t, "grafana/kstream.json"), &d))
	return d
}

// Every query of the dashboard asks for what kstream exports, of the data source and the job that the viewer has chosen.
func TestDashboard(t *testing.T) {
	d, e := readDashboard(t), exports(t)
	if d.UID == "" || d.SchemaVersion < 36 || len(d.Panels) < 20 {
		t.Fatalf("this is no dashboard: %q, version %d, %d panels", d.UID, d.SchemaVersion, len(d.Panels))
	}
	ids, titles := map[int]bool{}, map[string]bool{}
	for _, p := range d.Panels {
		if ids[p.ID] || titles[p.Title] {
			t.Errorf("panel %d, %q, is there twice", p.ID, p.Title)
		}
		ids[p.ID], titles[p.Title] = true, true
		if p.GridPos.W < 1 || p.GridPos.X+p.GridPos.W > 24 {
			t.Errorf("%s: it does not fit into the 24 columns: %+v", p.Title, p.GridPos)
		}
		if p.Type == "row" {
			continue
		}
		if p.Description == "" || p.Datasource.UID != "${datasource}" || len(p.Targets) == 0 {
			t.Errorf("%s: it lacks a description, the data source that was chosen, or a query", p.Title)
		}
		for _, q := range p.Targets {
			if !strings.Contains(q.Expr, `job="$job", instance=~"$instance"`) {
				t.Errorf("%s: %q is not of the job and the instances that were chosen", p.Title, q.Expr)
			}
			for _, fault := range e.judge(q.Expr, q.LegendFormat) {
				t.Errorf("%s: %s", p.Title, fault)
			}
		}
	}
}

func TestDashboardVariables(t *testing.T) {
	d, e := readDashboard(t), exports(t)
	var names []string
	values := regexp.MustCompile(`^label_values\((.*), (\w+)\)$`)
	for _, v := range d.Templating.List {
		if names = append(names, v.Name); v.Type == "datasource" {
			continue
		}
		m := values.FindStringSubmatch(v.Definition)
		if m == nil {
			t.Errorf("%s: %q is no list of label's values", v.Name, v.Definition)
			continue
		}
		for _, fault := range e.judge(m[1], "{{"+m[2]+"}}") {
			t.Errorf("%s: %s", v.Name, fault)
		}
	}
	if want := []string{"datasource", "job", "instance", "stream"}; !slices.Equal(names, want) {
		t.Errorf("the variables are %q, want %q", names, want)
	}
}

// What the contract lists is on the dashboard.
func TestDashboardShowsAll(t *testing.T) {
	text := string(read(t, "grafana/kstream.json"))
	for name := range exports(t).labels {
		base := strings.NewReplacer("_sum", "", "_count", "").Replace(name)
		if strings.HasPrefix(name, "kstream_") && !strings.Contains(text, base) {
			t.Errorf("nothing shows %s", name)
		}
	}
}
