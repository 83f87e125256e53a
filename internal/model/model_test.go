package model_test

import (
	"testing"
	"time"

	"kpi-gate/internal/model"
)

func TestTargetBranch(t *testing.T) {
	t.Parallel()
	for ref, want := range map[string]string{
		"gh-readonly-queue/main/pr-7-0123abc":        "main",
		"gh-readonly-queue/release/1.0/pr-8-0123abc": "release/1.0",
		"gh-readonly-queue/main":                     "",
		"main":                                       "",
		"":                                           "",
	} {
		if got := (model.Run{Event: model.MergeGroup, Branch: ref}).TargetBranch(); got != want {
			t.Errorf("a merge group on %q belongs to %q, want %q", ref, got, want)
		}
		if got := (model.Run{Event: "push", Branch: ref}).TargetBranch(); got != ref {
			t.Errorf("a push to %q belongs to %q", ref, got)
		}
	}
}

func TestFirst(t *testing.T) {
	t.Parallel()
	at := func(hour int) time.Time { return time.Date(2026, 1, 1, hour, 0, 0, 0, time.UTC) }
	d := model.Deployment{Statuses: []model.DeploymentStatus{
		{State: "IN_PROGRESS", Created: at(1)},
		{State: "ERROR", Created: at(2)},
		{State: "SUCCESS", Created: at(3)},
		{State: "FAILURE", Created: at(4)},
		{State: "SUCCESS", Created: at(5)},
	}}
	if got := d.First("SUCCESS"); !got.Equal(at(3)) {
		t.Errorf("first success at %v", got)
	}
	if got := d.First("FAILURE", "ERROR"); !got.Equal(at(2)) {
		t.Errorf("first failure at %v", got)
	}
	if got := d.First("INACTIVE"); !got.IsZero() {
		t.Errorf("never inactive, but first at %v", got)
	}
}
