package kpi_test

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
)

func (v *vector) compute() *kpi.Figures {
	if v.window.Until.IsZero() {
		v.fatalf("no window")
	}
	if v.result == nil {
		v.result = &kpi.Compute(v.snapshot, v.policy, v.window, []kpi.Selection{{Definition: v.definition, Filter: v.filter}})[0]
	}
	return v.result
}

// number reads a wanted value: 2d, 1d12h, 36h, 90m, 5s, 85%, 3/7, 0.25, inf.
func (v *vector) number(s string) float64 {
	v.t.Helper()
	switch s {
	case "inf":
		return math.Inf(1)
	case "-inf":
		return math.Inf(-1)
	}
	if a, b, ok := strings.Cut(s, "/"); ok {
		return v.number(a) / v.number(b)
	}
	if p, ok := strings.CutSuffix(s, "%"); ok {
		return v.number(p) / 100
	}
	if n, err := strconv.ParseFloat(s, 64); err == nil {
		return n
	}
	total := 0.0
	for rest := s; rest != ""; {
		i := strings.IndexAny(rest, "dhms")
		if i <= 0 {
			v.fatalf("not a value: %q", s)
		}
		n, err := strconv.ParseFloat(rest[:i], 64)
		if err != nil {
			v.fatalf("not a value: %q", s)
		}
		total += n * map[byte]float64{'d': 86400, 'h': 3600, 'm': 60, 's': 1}[rest[i]]
		rest = rest[i+1:]
	}
	return total
}

func near(a, b float64) bool { return a == b || math.Abs(a-b) <= 1e-9*math.Max(1, math.Abs(b)) }

// want holds the result against its words: a status, n= running= hits=, a statistic's name = its value or "unknown",
// low= high= (the default statistic's interval), source=, reason= and note= (parts of the text).
func (v *vector) want(f fields) {
	v.t.Helper()
	v.wants++
	r := v.compute()
	status := kpi.Measured
	for _, w := range f.words {
		status = kpi.Status(w)
	}
	if r.Status != status {
		v.errorf("status is %s (%s), want %s", r.Status, r.Reason, status)
	}
	for key, value := range f.value {
		name, within, _ := strings.Cut(strings.TrimSuffix(key, ")"), "(")
		switch name {
		case "n":
			if n := f.int(value); r.N != n {
				v.errorf("n is %d, want %d", r.N, n)
			}
		case "running":
			if n := f.int(value); r.Running != n {
				v.errorf("running is %d, want %d", r.Running, n)
			}
		case "hits":
			if n := f.int(value); r.Hits != n {
				v.errorf("hits is %d, want %d", r.Hits, n)
			}
		case "source":
			if r.Source != value {
				v.errorf("source is %q, want %q", r.Source, value)
			}
		case "reason":
			if !strings.Contains(r.Reason, value) {
				v.errorf("reason is %q, want it to contain %q", r.Reason, value)
			}
		case "note":
			if !strings.Contains(strings.Join(r.Notes, " "), value) {
				v.errorf("notes are %q, want them to contain %q", r.Notes, value)
			}
		case "significant":
			got := "unknown"
			if r.Significant != nil {
				got = strconv.FormatBool(*r.Significant)
			}
			if got != value {
				v.errorf("significant is %s, want %s", got, value)
			}
		case "low", "high":
			e := r.Estimate(v.definition.Default())
			if e.Interval == nil {
				v.errorf("no interval, want %s=%s", key, value)
				continue
			}
			got := e.Interval.Low
			if key == "high" {
				got = e.Interval.High
			}
			if want := v.number(value); math.Abs(got-want) > 1e-6*math.Max(1, math.Abs(want)) && got != want {
				v.errorf("%s is %v, want %v", key, got, want)
			}
		case "signal":
			if string(r.Signal) != value {
				v.errorf("signal is %q, want %q", r.Signal, value)
			}
		case "band":
			got := "none"
			if r.Band != nil {
				got = fmt.Sprintf("%s-%d", r.Band.Name, r.Band.Edition)
			}
			if got != value {
				v.errorf("band is %s, want %s", got, value)
			}
		case "value", "p50", "p75", "p90", "p95", "mean", "max", "within", "km_p50", "km_p90":
			s := kpi.Statistic{Name: name}
			if within != "" {
				s.Within = time.Duration(v.number(within)) * time.Second
			}
			if name == "value" {
				s = v.definition.Default()
			}
			e := r.Estimate(s)
			if more, ok := strings.CutPrefix(value, "more:"); ok {
				if e.Known || e.MoreThan == nil || !near(*e.MoreThan, v.number(more)) {
					v.errorf("%s is %+v, want it to be more than %s", key, e, more)
				}
				continue
			}
			switch {
			case value == "unknown" && e.Known:
				v.errorf("%s is %v, want it unknown", key, e.Value)
			case value != "unknown" && !e.Known:
				v.errorf("%s is unknown (%s), want %s", key, e.Reason, value)
			case value != "unknown" && !near(e.Value, v.number(value)):
				v.errorf("%s is %v, want %v (%s)", key, e.Value, v.number(value), value)
			}
			if name == "within" && strings.Contains(value, "/") && e.Known {
				_, n, _ := strings.Cut(value, "/")
				if f.int(n) != e.N {
					v.errorf("%s has n %d, want %s", key, e.N, n)
				}
			}
		default:
			v.fatalf("cannot want %q", key)
		}
	}
}

func itemName(r model.Ref) string {
	switch r.Kind {
	case model.RefPullRequest, model.RefIssue, model.RefMilestone:
		return fmt.Sprintf("#%d", r.Number)
	case model.RefDeployment, model.RefRun, model.RefJob, model.RefAlert:
		return fmt.Sprintf("%d", r.ID)
	case model.RefCommit:
		return r.SHA
	case model.RefRelease, model.RefTag:
		return r.Name
	}
	return string(r.Kind)
}

func (v *vector) wantItems(line string) {
	v.t.Helper()
	v.wants++
	var got, want []string
	r := v.compute()
	for _, word := range strings.Fields(line)[1:] {
		if word == "none" {
			continue
		}
		name, value, ok := strings.Cut(word, "=")
		star := ""
		if strings.HasSuffix(word, "*") {
			star, value = "*", strings.TrimSuffix(value, "*")
			name = strings.TrimSuffix(name, "*")
		}
		if ok {
			want = append(want, fmt.Sprintf("%s=%g%s", name, v.number(value), star))
		} else {
			want = append(want, name+star)
		}
	}
	for _, item := range r.Items {
		star := ""
		if item.Running {
			star = "*"
		}
		if k := v.definition.Kind(); k == kpi.KindRate || k == kpi.KindLevel {
			got = append(got, itemName(item.Ref)+star)
		} else {
			got = append(got, fmt.Sprintf("%s=%g%s", itemName(item.Ref), item.Value, star))
		}
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		v.errorf("items are %v, want %v", got, want)
	}
}

func (v *vector) wantPrevious(f fields) {
	v.t.Helper()
	v.wants++
	r := v.compute().Previous
	if f.has("not-measured") {
		if r.Status != kpi.NotMeasured {
			v.errorf("the previous window is %s, want it not measured", r.Status)
		}
		return
	}
	if n := f.value["n"]; n != "" && r.N != f.int(n) {
		v.errorf("previous n is %d, want %s", r.N, n)
	}
	if value := f.value["value"]; value != "" {
		if e := r.Estimate(v.definition.Default()); !e.Known || !near(e.Value, v.number(value)) {
			v.errorf("previous value is %v (known %v), want %s", e.Value, e.Known, value)
		}
	}
}

func (v *vector) wantTrend(f fields) {
	v.t.Helper()
	v.wants++
	points := v.compute().Trend
	if len(points) != 12 {
		v.fatalf("the trend has %d points, want 12", len(points))
	}
	points = points[12-len(f.words):]
	for i, want := range f.words {
		switch {
		case want == "-" && points[i].Known:
			v.errorf("trend point %d is %v, want it not measured", i, points[i].Value)
		case want != "-" && (!points[i].Known || !near(points[i].Value, v.number(want))):
			v.errorf("trend point %d is %v (known %v), want %s", i, points[i].Value, points[i].Known, want)
		}
	}
}
