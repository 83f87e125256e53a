package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"sort"
	"strings"
	"testing"

	"kpi-gate/internal/report"
)

// contract is the shape of report.json: for each object its keys and their types. A type is string, integer, number,
// boolean, time, one of several words, the name of an object, a list [type] or a map {type}; a question mark allows
// null.
var contract = map[string]map[string]string{
	"report": {
		"schema": "integer", "repository": "string", "window": "window", "previous": "window",
		"verdict": "held|breached|warned|not-measured", "config": "config", "kpis": "[kpi]", "benchmarks": "[benchmark]",
		"on_no_data": "pass|warn|fail", "read": "read", "evidence": "point|interval", "enforced": "boolean",
		"not_enforced": "string?", "pull_request": "integer?", "exemptions": "exemptions", "published": "[published]",
		"warnings": "[string]",
	},
	"window": {"since": "time", "until": "time"},
	"config": {"ref": "string?", "commit": "string?", "path": "string?"},
	"exemptions": {
		"labels": "[string]", "branches": "[string]", "authors": "[string]", "paths": "[string]",
		"fixing_breached_class": "boolean",
	},
	"published": {
		"to": "comment|check-run|status|issue", "state": "created|updated|unchanged|not-needed|failed", "url": "string?",
		"reason": "string?",
	},
	"kpi": {
		"id": "string", "family": "string", "filter": "string?", "kind": "duration|amount|share|rate|level",
		"unit": "s|lines|ratio|1/day|items|change|currency", "currency": "string?", "better": "lower|higher",
		"business_day": "number?", "status": "measured|partial|not-measured", "reason": "string?", "gaps": "[string]", "source": "string?",
		"n": "integer?", "running": "integer?", "hits": "integer?", "events": "integer?", "value": "number?",
		"statistic": "string", "statistics": "{number?}", "more_than": "{number}", "interval": "interval?",
		"previous": "previous?", "trend": "[point]", "signal": "high|low|run-high|run-low?", "band": "band?",
		"notes": "[string]", "items": "[item]",
	},
	"band":     {"edition": "integer", "name": "elite|high|medium|low?"},
	"interval": {"low": "number?", "high": "number?"},
	"previous": {"n": "integer?", "value": "number?", "significant": "boolean?"},
	"point":    {"since": "time", "n": "integer?", "value": "number?"},
	"item": {
		"kind": "pull-request|issue|milestone|deployment|run|job|alert|commit|release|tag", "url": "string",
		"value": "number?", "running": "boolean",
	},
	"benchmark": {
		"text": "string", "kpi": "string", "filter": "string?", "statistic": "string", "limit": "number?",
		"limit_from": "string?", "value": "number?", "interval": "interval?", "more_than": "number?", "n": "integer?",
		"outcome": "held|breached|warned|too-few|not-measured|exempt", "reason": "string?", "items": "[string]",
		"would": "held|breached|warned|too-few|not-measured?", "exempt_by": "pull-request|date?", "then": "fail|warn",
		"because": "string?", "owner": "string?",
	},
	"read": {
		"requests": "integer", "graphql_points": "integer", "bytes": "integer", "retries": "integer", "waited": "number",
		"cache": "cache?", "gaps": "[gap]", "seconds": "number",
	},
	"cache": {"known": "integer", "aside": "string?"},
	"gap":   {"feed": "string", "reason": "string", "advice": "string?"},
}

// names are the keys of an item beside those of the contract, by its kind.
var names = map[string]map[string]string{
	"pull-request": {"number": "integer"}, "issue": {"number": "integer"}, "milestone": {"number": "integer"},
	"deployment": {"id": "integer"}, "run": {"id": "integer"}, "job": {"id": "integer"}, "alert": {"id": "integer"},
	"commit": {"sha": "string"}, "release": {"name": "string"}, "tag": {"name": "string"},
}

// violations lists where a value is not of a type of the contract.
func violations(path, want string, value any) []string {
	want, nullable := strings.CutSuffix(want, "?")
	if value == nil {
		if nullable {
			return nil
		}
		return []string{path + " is null"}
	}
	wrong := []string{fmt.Sprintf("%s is %v, not %s", path, value, want)}
	switch {
	case strings.HasPrefix(want, "["):
		list, ok := value.([]any)
		if !ok {
			return wrong
		}
		var found []string
		for i, element := range list {
			found = append(found, violations(fmt.Sprintf("%s[%d]", path, i), strings.Trim(want, "[]"), element)...)
		}
		return found
	case strings.HasPrefix(want, "{"):
		object, ok := value.(map[string]any)
		if !ok {
			return wrong
		}
		var found []string
		for key, element := range object {
			found = append(found, violations(path+"."+key, strings.Trim(want, "{}"), element)...)
		}
		return found
	case contract[want] != nil:
		object, ok := value.(map[string]any)
		if !ok {
			return wrong
		}
		keys := map[string]string{}
		for key, of := range contract[want] {
			keys[key] = of
		}
		if want == "item" {
			kind, _ := object["kind"].(string)
			for key, of := range names[kind] {
				keys[key] = of
			}
		}
		var found []string
		for key, of := range keys {
			if element, there := object[key]; there {
				found = append(found, violations(path+"."+key, of, element)...)
			} else {
				found = append(found, path+" has no "+key)
			}
		}
		for key := range object {
			if _, known := keys[key]; !known {
				found = append(found, path+" has "+key+", which the contract does not know")
			}
		}
		return found
	}
	var ok bool
	switch want {
	case "string":
		_, ok = value.(string)
	case "boolean":
		_, ok = value.(bool)
	case "number", "integer":
		n, isNumber := value.(json.Number)
		ok = isNumber && (want == "number" || !strings.ContainsAny(n.String(), ".eE"))
	case "time":
		s, isString := value.(string)
		ok = isString && strings.HasSuffix(s, "Z") && strings.Contains(s, "T")
	default:
		s, isString := value.(string)
		ok = isString && strings.Contains("|"+want+"|", "|"+s+"|")
	}
	if !ok {
		return wrong
	}
	return nil
}

func encoded(t *testing.T, r *report.Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := JSON(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestJSONContract(t *testing.T) {
	t.Parallel()
	empty := base("held")
	empty.KPIs, empty.Benchmarks, empty.Read.Gaps = nil, nil, nil
	bare := base("held")
	bare.KPIs = []report.KPI{{Kind: "level", Unit: "items", Better: "lower", Status: "not-measured"}}
	bare.Benchmarks = []report.Benchmark{{Outcome: "held", Then: "fail"}}
	for name, r := range map[string]*report.Report{
		"red": redReport(), "green": greenReport(), "unmeasured": unmeasuredReport(), "empty": empty, "nil lists": bare,
		"catalogue": catalogueReport(), "policy": policyReport(), "exempt": exemptReport(), "unenforced": unenforcedReport(),
	} {
		got := encoded(t, r)
		if !bytes.HasSuffix(got, []byte("}\n")) {
			t.Errorf("%s does not end with a newline", name)
		}
		decoder := json.NewDecoder(bytes.NewReader(got))
		decoder.UseNumber()
		var value any
		if err := decoder.Decode(&value); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		found := violations(name, "report", value)
		sort.Strings(found)
		for _, violation := range found {
			t.Error(violation)
		}
	}
	if bare.KPIs[0].Items != nil || bare.Benchmarks[0].Items != nil {
		t.Error("rendering changed the report")
	}
}

func TestJSONNotANumber(t *testing.T) {
	t.Parallel()
	for _, value := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		for name, spoil := range map[string]func(*report.Report){
			"value":    func(r *report.Report) { r.KPIs[0].Value = &value },
			"limit":    func(r *report.Report) { r.Benchmarks[0].Limit = &value },
			"interval": func(r *report.Report) { r.KPIs[0].Interval.High = &value },
		} {
			r := redReport()
			spoil(r)
			var b bytes.Buffer
			if err := JSON(&b, r); err == nil || b.Len() > 0 {
				t.Errorf("%v as %s: error %v, %d bytes written", value, name, err, b.Len())
			}
		}
	}
}

// What is escaped for terminals and logs must still be read as it was.
func TestJSONHostile(t *testing.T) {
	t.Parallel()
	texts := []string{"##[add-mask]x", "a\u009b\u202e\u007f\U000e0041b", `\##[x]`, "###[x]", "::error::x\n::error::"}
	r := base("held")
	for _, s := range texts {
		r.Read.Gaps = append(r.Read.Gaps, report.Gap{Feed: s, Reason: s})
	}
	got := encoded(t, r)
	commandless(t, string(got))
	if bytes.ContainsAny(got, "\u009b\u202e\u007f\U000e0041") {
		t.Error("a control character is written as it is")
	}
	var back report.Report
	if err := json.Unmarshal(got, &back); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(back.Read, r.Read) {
		t.Errorf("read back as %+v", back.Read)
	}
}
