package kpi_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
)

// figure is what a report says of a KPI, without the moments in it.
type figure struct {
	Name       string
	Status     kpi.Status
	N, Hits    int
	Running    int
	Statistics map[string]float64
	Items      []string
	Values     []float64
	Previous   float64
	Trend      []float64
}

// figures are all figures of a snapshot over the window moved by so much.
func figures(s *model.Snapshot, moved time.Duration) []figure {
	w := model.Window{Since: march.Since.Add(moved), Until: march.Until.Add(moved)}
	var all []figure
	for _, f := range kpi.Compute(s, propertyPolicy(), w, kpi.Select(kpi.BuiltIn().All())) {
		out := figure{
			Name: f.ID, Status: f.Status, N: f.N, Hits: f.Hits, Running: f.Running, Statistics: map[string]float64{},
			Previous: valueOf(f.Previous.Estimate(f.Default())),
		}
		for _, statistic := range append(kpi.Statistics(f.Kind()), kpi.Statistic{Name: "within", Within: 48 * time.Hour}) {
			out.Statistics[statistic.Name] = valueOf(f.Estimate(statistic))
		}
		for _, i := range f.Items {
			out.Items = append(out.Items, string(i.Ref.Kind)+" "+itemName(i.Ref))
			out.Values = append(out.Values, i.Value)
		}
		for _, point := range f.Trend {
			out.Trend = append(out.Trend, point.Value)
		}
		all = append(all, out)
	}
	return all
}

// valueOf is an estimate as one number: what is not known is −1, or below it where it is known to be more than
// something.
func valueOf(e kpi.Estimate) float64 {
	switch {
	case e.Known:
		return e.Value
	case e.MoreThan != nil:
		return -2 - *e.MoreThan
	default:
		return -1
	}
}

func TestOrderOfFactsIsIrrelevant(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSnapshot(t)
		if diff := cmp.Diff(figures(s, 0), figures(shuffled(t, s), 0)); diff != "" {
			t.Errorf("another order of the same facts (-before +after):\n%s", diff)
		}
	})
}

func TestUnrelatedEventsChangeNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSnapshot(t)
		if diff := cmp.Diff(figures(s, 0), figures(unrelated(s), 0)); diff != "" {
			t.Errorf("with events that concern nothing (-without +with):\n%s", diff)
		}
	})
}

// Whole days, because a milestone is due until the end of a day.
func TestMovingAllTimesChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSnapshot(t)
		by := time.Duration(rapid.IntRange(-900, 900).Draw(t, "days")) * 24 * time.Hour
		if diff := cmp.Diff(figures(s, 0), figures(moved(s, by), by)); diff != "" {
			t.Errorf("moved by %s (-before +after):\n%s", by, diff)
		}
	})
}

func TestStatisticsAreInOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		for _, f := range kpi.Compute(drawSnapshot(t), propertyPolicy(), march, kpi.Select(kpi.BuiltIn().All())) {
			checkOrder(t, f)
			checkInterval(t, f)
		}
	})
}

// checkOrder: min ≤ p50 ≤ p75 ≤ p90 ≤ p95 ≤ max, and km_p50 ≤ km_p90.
func checkOrder(t *rapid.T, f kpi.Figures) {
	if f.Kind() != kpi.KindDuration && f.Kind() != kpi.KindAmount || f.N == 0 {
		return
	}
	last := math.Inf(1)
	for _, i := range f.Items {
		if !i.Running {
			last = min(last, i.Value)
		}
	}
	for _, name := range []string{"p50", "p75", "p90", "p95", "max"} {
		e := f.Estimate(kpi.Statistic{Name: name})
		if !e.Known || e.Value < last {
			t.Errorf("%s: %s is %v, below %v", f.ID, name, e.Value, last)
		}
		last = e.Value
	}
	if f.Kind() != kpi.KindDuration {
		return
	}
	half, most := f.Estimate(kpi.Statistic{Name: "km_p50"}), f.Estimate(kpi.Statistic{Name: "km_p90"})
	if !half.Known && most.Known || half.Known && most.Known && half.Value > most.Value {
		t.Errorf("%s: km_p50 is %+v, km_p90 %+v", f.ID, half, most)
	}
	// With nothing running it is the smallest value that half of all reach, which is at most the median.
	if f.Running == 0 && (!half.Known || half.Value > f.Estimate(kpi.Statistic{Name: "p50"}).Value) {
		t.Errorf("%s: nothing is running, and km_p50 is %+v", f.ID, half)
	}
}

func checkInterval(t *rapid.T, f kpi.Figures) {
	e := f.Estimate(f.Default())
	if !e.Known {
		return
	}
	if f.Kind() == kpi.KindShare && (e.Interval == nil || e.Interval.Low < 0 || e.Interval.High > 1) {
		t.Errorf("%s: interval %+v", f.ID, e.Interval)
	}
	if e.Interval != nil && (e.Value < e.Interval.Low || e.Value > e.Interval.High) {
		t.Errorf("%s: %v lies outside its interval %+v", f.ID, e.Value, *e.Interval)
	}
}

// The stages of a pull request add up to its cycle time, and with the deploy time to its lead time.
func TestStagesAddUp(t *testing.T) {
	t.Parallel()
	ids := []string{"coding-time", "pickup-time", "review-time", "pull-request-cycle-time", "deploy-time", "lead-time-for-changes"}
	rapid.Check(t, func(t *rapid.T) {
		// Every stage ends in a window of 731 days.
		w := model.Window{Since: march.Until.AddDate(0, 0, -727), Until: march.Until.AddDate(0, 0, 4)}
		var selections []kpi.Selection
		for _, id := range ids {
			selections = append(selections, kpi.Selection{Definition: kpi.BuiltIn().Find(id)})
		}
		length := map[string]map[int]float64{}
		for _, f := range kpi.Compute(drawSnapshot(t), propertyPolicy(), w, selections) {
			length[f.ID] = map[int]float64{}
			for _, i := range f.Items {
				if !i.Running && i.Ref.Kind == model.RefPullRequest {
					length[f.ID][i.Ref.Number] = i.Value
				}
			}
		}
		for number, cycle := range length["pull-request-cycle-time"] {
			coding, ok1 := length["coding-time"][number]
			pickup, ok2 := length["pickup-time"][number]
			review, ok3 := length["review-time"][number]
			if ok1 && ok2 && ok3 && coding+pickup+review != cycle {
				t.Errorf("#%d: %v + %v + %v is not %v", number, coding, pickup, review, cycle)
			}
			deploy, shipped := length["deploy-time"][number]
			if lead, ok := length["lead-time-for-changes"][number]; shipped != ok || ok && cycle+deploy != lead {
				t.Errorf("#%d: %v + %v is not %v", number, cycle, deploy, lead)
			}
		}
	})
}

// Success, flake and failure are all there is of a run.
func TestRunsAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSnapshot(t)
		failed := 0
		for _, run := range s.Runs {
			if slices.Contains(kpi.CIEvents(), run.Event) && march.Contains(run.Created) && run.Updated.Before(march.Until) &&
				slices.Contains([]string{"failure", "timed_out"}, run.Conclusion) {
				failed++
			}
		}
		got := kpi.Compute(s, propertyPolicy(), march, []kpi.Selection{
			{Definition: kpi.BuiltIn().Find("ci-success-rate")}, {Definition: kpi.BuiltIn().Find("ci-flake-rate")},
		})
		success, flake := got[0], got[1]
		if success.N != flake.N || success.Hits+flake.Hits+failed != success.N {
			t.Errorf("%d of %d succeeded, %d of %d flaked, %d failed", success.Hits, success.N, flake.Hits, flake.N, failed)
		}
	})
}

// moved is the snapshot with every time moved by so much.
func moved(s *model.Snapshot, by time.Duration) *model.Snapshot {
	c := *s
	c.Deployments, c.Commits, c.PullRequests = slices.Clone(s.Deployments), slices.Clone(s.Commits), slices.Clone(s.PullRequests)
	c.Issues, c.Milestones, c.Runs, c.Jobs = slices.Clone(s.Issues), slices.Clone(s.Milestones), slices.Clone(s.Runs), slices.Clone(s.Jobs)
	c.Vulnerabilities, c.CodeScanning = slices.Clone(s.Vulnerabilities), slices.Clone(s.CodeScanning)
	c.Releases, c.Tags = slices.Clone(s.Releases), slices.Clone(s.Tags)
	move := func(times ...*time.Time) {
		for _, t := range times {
			if !t.IsZero() {
				*t = t.Add(by)
			}
		}
	}
	events := func(all *[]model.Event) {
		*all = slices.Clone(*all)
		for i := range *all {
			move(&(*all)[i].At)
		}
	}
	comments := func(all *[]model.Comment) {
		*all = slices.Clone(*all)
		for i := range *all {
			move(&(*all)[i].Created)
		}
	}
	for i := range c.Deployments {
		d := &c.Deployments[i]
		move(&d.Created)
		d.Statuses = slices.Clone(d.Statuses)
		for j := range d.Statuses {
			move(&d.Statuses[j].Created)
		}
	}
	for i := range c.Releases {
		move(&c.Releases[i].Published)
	}
	for i := range c.Tags {
		move(&c.Tags[i].Date)
	}
	for i := range c.Commits {
		move(&c.Commits[i].Authored, &c.Commits[i].Committed)
	}
	for i := range c.PullRequests {
		pr := &c.PullRequests[i]
		move(&pr.Created, &pr.Updated, &pr.Closed, &pr.Merged)
		pr.Commits, pr.Reviews = slices.Clone(pr.Commits), slices.Clone(pr.Reviews)
		for j := range pr.Commits {
			move(&pr.Commits[j].Authored, &pr.Commits[j].Committed)
		}
		for j := range pr.Reviews {
			move(&pr.Reviews[j].Submitted)
		}
		comments(&pr.Comments)
		events(&pr.Events)
	}
	for i := range c.Issues {
		issue := &c.Issues[i]
		move(&issue.Created, &issue.Updated, &issue.Closed)
		comments(&issue.Comments)
		events(&issue.Events)
		issue.Links = slices.Clone(issue.Links)
		for j := range issue.Links {
			move(&issue.Links[j].Created, &issue.Links[j].Linked, &issue.Links[j].Merged)
		}
	}
	for i := range c.Milestones {
		m := &c.Milestones[i]
		move(&m.Due, &m.Created, &m.Closed)
		m.Items = slices.Clone(m.Items)
		for j := range m.Items {
			move(&m.Items[j].Created, &m.Items[j].Closed)
			events(&m.Items[j].Events)
		}
	}
	for i := range c.Runs {
		move(&c.Runs[i].Created, &c.Runs[i].Started, &c.Runs[i].Updated)
	}
	for i := range c.Jobs {
		move(&c.Jobs[i].Created, &c.Jobs[i].Started)
	}
	for _, alerts := range [][]model.Alert{c.Vulnerabilities, c.CodeScanning} {
		for i := range alerts {
			move(&alerts[i].Created, &alerts[i].Fixed, &alerts[i].Dismissed)
		}
	}
	return &c
}
