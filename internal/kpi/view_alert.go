package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// eachAlert yields the alerts that were raised and not dismissed by now: since when they are there, and when they were
// fixed, zero while they are open.
func (p *Pass) eachAlert(alerts []model.Alert, yield func(of model.Ref, created, fixed time.Time)) {
	for i := range alerts {
		a := &alerts[i]
		if !p.known(a.Created) || p.known(a.Dismissed) {
			continue
		}
		ref := model.Ref{Kind: model.RefAlert, ID: int64(a.Number), URL: a.URL, Title: a.Title}
		if p.known(a.Fixed) {
			yield(ref, a.Created, a.Fixed)
		} else {
			yield(ref, a.Created, time.Time{})
		}
	}
}

// eachOpenAlert yields the alerts that were open at the end of the window.
func (p *Pass) eachOpenAlert(alerts []model.Alert, yield func(of model.Ref, created time.Time)) {
	p.eachAlert(alerts, func(of model.Ref, created, fixed time.Time) {
		if fixed.IsZero() {
			yield(of, created)
		}
	})
}
