package kpi

import (
	"testing"
	"time"
)

// resultOf is a KPI measured over nothing but the sample.
func resultOf(t *testing.T, id string, s sample) Result {
	t.Helper()
	d := BuiltIn().Find(id)
	if d == nil {
		t.Fatalf("no KPI %s", id)
	}
	s.kind = d.Kind()
	return Result{Selection: Selection{Definition: d}, Status: Measured, sample: s}
}

func checkBand(t *testing.T, name string, r Result, want Band) {
	t.Helper()
	if got := BandOf(r); got == nil || *got != want {
		t.Errorf("%s: %s: got %v, want %v", r.ID, name, got, want)
	}
}

func TestBandOfDeploymentFrequency(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		events int
		days   float64
		want   string
	}{
		{"several a day", 90, 30, "elite"},
		{"31 in 30 days is more than one a day", 31, 30, "elite"},
		{"one a day: once a day is high", 30, 30, "high"},
		{"29 in 30 days", 29, 30, "high"},
		{"one a week: once a week is high", 4, 28, "high"},
		{"4 in 30 days is less than one a week", 4, 30, "medium"},
		{"one in 8 days", 1, 8, "medium"},
		{"one in 30 days: once a month is medium", 1, 30, "medium"},
		{"one in 31 days", 1, 31, "low"},
		{"one in half a year", 1, 182, "low"},
		{"one in 183 days", 1, 183, ""},
		{"none", 0, 30, ""},
	} {
		r := resultOf(t, "deployment-frequency", sample{items: make([]Item, test.events), days: test.days})
		checkBand(t, test.name, r, Band{2024, test.want})
	}
}

func TestBandOfLeadTimeAndRecovery(t *testing.T) {
	t.Parallel()
	const (
		oneHour, oneDay = 3_600, 86_400
		oneMonth        = 30 * oneDay
		sixMonths       = 182 * oneDay
	)
	for _, test := range []struct {
		id   string
		name string
		p50  float64
		want string
	}{
		{"lead-time-for-changes", "at once", 0, "elite"},
		{"lead-time-for-changes", "a second less than a day", oneDay - 1, "elite"},
		{"lead-time-for-changes", "a day", oneDay, "high"},
		{"lead-time-for-changes", "a second less than a week", 7*oneDay - 1, "high"},
		{"lead-time-for-changes", "a week", 7 * oneDay, "medium"},
		{"lead-time-for-changes", "half a second less than a month", oneMonth - 0.5, "medium"},
		{"lead-time-for-changes", "a month", oneMonth, "low"},
		{"lead-time-for-changes", "a second less than six months", sixMonths - 1, "low"},
		{"lead-time-for-changes", "six months", sixMonths, ""},

		{"failed-deployment-recovery-time", "a second less than an hour", oneHour - 1, "elite"},
		{"failed-deployment-recovery-time", "an hour", oneHour, "high"},
		{"failed-deployment-recovery-time", "a second less than a day", oneDay - 1, "high"},
		{"failed-deployment-recovery-time", "a day: high and medium end here", oneDay, "low"},
		{"failed-deployment-recovery-time", "a second less than a month", oneMonth - 1, "low"},
		{"failed-deployment-recovery-time", "a month", oneMonth, ""},
	} {
		checkBand(t, test.name, resultOf(t, test.id, sample{values: []float64{test.p50}}), Band{2024, test.want})
	}
}

func TestBandOfChangeFailureRate(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name         string
		hits, trials int
		want         string
	}{
		{"none of 10", 0, 10, "elite"},
		{"1 of 20 = 5 %", 1, 20, "elite"},
		{"3 of 60 = 5 %", 3, 60, "elite"},
		{"1 of 19 = 5.3 %", 1, 19, "high"},
		{"1 of 10 = 10 %", 1, 10, "high"},
		{"1 of 9 = 11.1 %", 1, 9, "medium"},
		{"3 of 20 = 15 %", 3, 20, "medium"},
		{"2 of 13 = 15.4 %", 2, 13, "low"},
		{"16 of 25 = 64 %", 16, 25, "low"},
		{"13 of 20 = 65 %", 13, 20, ""},
		{"all", 4, 4, ""},
	} {
		r := resultOf(t, "change-failure-rate", sample{hits: test.hits, trials: test.trials})
		checkBand(t, test.name, r, Band{2023, test.want})
	}
}

func TestNoBand(t *testing.T) {
	t.Parallel()
	week := sample{values: []float64{7 * 86_400}}
	for _, test := range []struct {
		name   string
		id     string
		sample sample
		change func(r *Result)
	}{
		{"a KPI without groups", "pull-request-cycle-time", week, func(*Result) {}},
		{"in part", "lead-time-for-changes", week, func(r *Result) { r.Status = Partial }},
		{"not measured", "lead-time-for-changes", week, func(r *Result) { r.Status = NotMeasured }},
		{"nothing in it", "lead-time-for-changes", sample{}, func(*Result) {}},
		{"in working hours", "lead-time-for-changes", week, func(r *Result) { r.Day = 8 * time.Hour }},
		{"filtered", "lead-time-for-changes", week, func(r *Result) { r.Filter = Filter{{Author, "ann"}} }},
	} {
		r := resultOf(t, test.id, test.sample)
		test.change(&r)
		if got := BandOf(r); got != nil {
			t.Errorf("%s: got %v, want none", test.name, *got)
		}
	}
}

// Every KPI that has bands is in the catalogue, and each band's limit is no better than that of the one before.
func TestBandsAreInOrder(t *testing.T) {
	t.Parallel()
	for id, of := range doraBands {
		d := BuiltIn().Find(id)
		if d == nil {
			t.Errorf("no KPI %s", id)
			continue
		}
		for i := 1; i < len(of.limits); i++ {
			before, l := of.limits[i-1].value, of.limits[i].value
			if before != l && (before < l) != (d.Better == Lower) {
				t.Errorf("%s: %s is better than %s", id, BandNames[i], BandNames[i-1])
			}
		}
	}
}
