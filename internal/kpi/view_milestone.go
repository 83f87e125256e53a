package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// eachDueMilestone yields the milestones due in the window that were there by now.
func (p *Pass) eachDueMilestone(yield func(*model.Milestone)) {
	for i := range p.snapshot.Milestones {
		if m := &p.snapshot.Milestones[i]; p.Window.Contains(m.Due) && m.Created.Before(p.at()) {
			yield(m)
		}
	}
}

func milestoneRef(m *model.Milestone) model.Ref {
	return model.Ref{Kind: model.RefMilestone, Number: m.Number, URL: m.URL, Title: m.Title}
}

func milestoneItemRef(i *model.MilestoneItem) model.Ref {
	return model.Ref{Kind: i.Kind, Number: i.Number, URL: i.URL, Title: i.Title}
}

// endOfDay is the midnight that ends t's day in UTC.
func endOfDay(t time.Time) time.Time {
	year, month, date := t.UTC().Date()
	return time.Date(year, month, date+1, 0, 0, 0, 0, time.UTC)
}
