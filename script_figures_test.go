package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/rogpeppe/go-internal/testscript"
)

// cmdSame wants that two JSON files have the same values, at paths as cmdJSON has them:
//
//	same FILE FILE PATH...
func cmdSame(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: same FILE FILE PATH...")
	}
	one, other := readJSON(ts, args[0]), readJSON(ts, args[1])
	for _, path := range args[2:] {
		a, err := at(one, path)
		ts.Check(err)
		b, err := at(other, path)
		ts.Check(err)
		if where := difference(a, b); where != "" {
			ts.Fatalf("%s of %s and %s differ at %s", path, args[0], args[1], where)
		}
	}
}

// difference is where two values from JSON first differ, and how; empty where they do not.
func difference(a, b any) string {
	switch a := a.(type) {
	case map[string]any:
		b, isObject := b.(map[string]any)
		if !isObject || !slices.Equal(slices.Sorted(maps.Keys(a)), slices.Sorted(maps.Keys(b))) {
			break
		}
		for _, key := range slices.Sorted(maps.Keys(a)) {
			if where := difference(a[key], b[key]); where != "" {
				return "." + key + where
			}
		}
		return ""
	case []any:
		b, isList := b.([]any)
		if !isList || len(a) != len(b) {
			break
		}
		for i := range a {
			if where := difference(a[i], b[i]); where != "" {
				return fmt.Sprintf("[%d]%s", i, where)
			}
		}
		return ""
	}
	if reflect.DeepEqual(a, b) {
		return ""
	}
	return fmt.Sprintf(": %s, %s", inJSON(a), inJSON(b))
}

// cmdHonest wants that a report whose reading was disturbed says nothing that the whole one does not: every figure is
// that of the whole report, or says that it is partial or not measured, why, and which feeds it lacks. Every feed that
// is lacking is named with what happened and what to change.
//
//	honest WHOLE DISTURBED
func cmdHonest(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: honest WHOLE DISTURBED")
	}
	var whole, disturbed figures
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &whole))
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[1])), &disturbed))
	if len(whole.Read.Gaps) > 0 {
		ts.Fatalf("%s is not whole", args[0])
	}
	ts.Check(disturbed.honest(whole))
}

// figures is what cmdHonest compares of a report.
type figures struct {
	KPIs       []map[string]any
	Benchmarks []map[string]any
	Read       struct {
		Gaps []struct{ Feed, Reason, Advice string }
	}
}

// honest is what a report says and should not, beside the one of a whole reading.
func (f figures) honest(whole figures) error {
	lacking := map[string]bool{}
	for _, gap := range f.Read.Gaps {
		if gap.Reason == "" || gap.Advice == "" {
			return fmt.Errorf("the gap of %s does not say both what happened (%q) and what to change (%q)",
				gap.Feed, gap.Reason, gap.Advice)
		}
		lacking[gap.Feed] = true
	}
	if len(f.KPIs) != len(whole.KPIs) || len(f.Benchmarks) != len(whole.Benchmarks) {
		return fmt.Errorf("%d figures and %d benchmarks, wanted %d and %d",
			len(f.KPIs), len(f.Benchmarks), len(whole.KPIs), len(whole.Benchmarks))
	}
	for i, k := range f.KPIs {
		if reflect.DeepEqual(k, whole.KPIs[i]) {
			continue
		}
		gaps, _ := k["gaps"].([]any)
		marked := k["status"] == "partial" || k["status"] == "not-measured" && k["value"] == nil
		if reason, _ := k["reason"].(string); !marked || reason == "" || len(gaps) == 0 {
			return fmt.Errorf("%s is not that of a whole reading, and does not say why: status %s, reason %q, gaps %s%s",
				k["id"], k["status"], k["reason"], inJSON(gaps), difference(whole.KPIs[i], k))
		}
		for _, feed := range gaps {
			if !lacking[fmt.Sprint(feed)] {
				return fmt.Errorf("%s lacks %s, which has no gap", k["id"], feed)
			}
		}
	}
	for i, b := range f.Benchmarks {
		if reason, _ := b["reason"].(string); b["outcome"] == "not-measured" && reason != "" {
			continue
		}
		if !reflect.DeepEqual(b, whole.Benchmarks[i]) {
			return fmt.Errorf("%s is not judged as by a whole reading%s", b["text"], difference(whole.Benchmarks[i], b))
		}
	}
	return nil
}

func readJSON(ts *testscript.TestScript, name string) any {
	var file any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(name)), &file))
	return file
}

// inJSON is a value as the file has it.
func inJSON(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(text)
}
