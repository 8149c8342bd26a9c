package operator

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestStagesSeeEachOther holds that a field which a stage reads is the one that would be there had the stages before it
// written the record out: the same chain, cut into chains of one stage that each decode and encode, gives the same.
func TestStagesSeeEachOther(t *testing.T) {
	name := rapid.SampledFrom([]string{"a", "b", "c"})
	path := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(name, 1, 3).Draw(t, "names"), ".")
	})
	rapid.Check(t, func(t *rapid.T) {
		doc := someDocument(t, 3)
		var stages []string
		for i := range rapid.IntRange(1, 4).Draw(t, "stages") {
			p, q := path.Draw(t, "path"), path.Draw(t, "other")
			stages = append(stages, rapid.SampledFrom([]string{
				fmt.Sprintf("set %s = %d", p, i), fmt.Sprintf("set %s = %s", p, q), fmt.Sprintf("set %s = {a: {b: %d}}", p, i),
				"drop " + p, "keep " + p + ", " + q, fmt.Sprintf("map b.c = %s, a = %s, c = %d", p, q, i), "set a = this",
			}).Draw(t, "stage"))
		}
		stages = append(stages, fmt.Sprintf("map v = %s, w = %s, x = this", path.Draw(t, "v"), path.Draw(t, "w")))
		plan, err := Compile(Config{Chain: strings.Join(stages, " | ")})
		if err != nil && strings.Contains(err.Error(), "the record has no field") {
			return // known of the whole chain, and not of a stage alone
		} else if err != nil {
			t.Fatal(err)
		}
		whole := newLane(plan).run(nil, doc)
		want, dead := doc, false
		for _, stage := range stages {
			res := newLane(compileRapid(t, stage)).run(nil, want)
			if dead = len(res.out) == 0; dead {
				break
			}
			want = res.out[0]
		}
		if dead != (len(whole.out) == 0) {
			t.Fatalf("%s over %s gives %q and %q, stage by stage dead: %t", stages, doc, whole.out, whole.dead, dead)
		}
		if !dead && !reflect.DeepEqual(parsed(t, whole.out[0]), parsed(t, want)) {
			t.Fatalf("%s over %s gives\n%s, stage by stage\n%s", stages, doc, whole.out[0], want)
		}
	})
}

func compileRapid(t *rapid.T, chain string) *Plan {
	p, err := Compile(Config{Chain: chain})
	if err != nil {
		t.Fatalf("%v", err)
	}
	return p
}

func someDocument(t *rapid.T, depth int) string {
	var members []string
	for _, name := range []string{"a", "b", "c"} {
		switch rapid.IntRange(0, 3).Draw(t, name) {
		case 1:
			members = append(members, fmt.Sprintf("%q: %d", name, rapid.IntRange(10, 99).Draw(t, "leaf")))
		case 2:
			members = append(members, fmt.Sprintf("%q: null", name))
		case 3:
			if depth > 0 {
				members = append(members, fmt.Sprintf("%q: %s", name, someDocument(t, depth-1)))
			}
		}
	}
	return "{" + strings.Join(members, ", ") + "}"
}

func parsed(t *rapid.T, doc string) (v any) {
	if err := json.Unmarshal([]byte(doc), &v); err != nil {
		t.Fatalf("%s: %v", doc, err)
	}
	return v
}
