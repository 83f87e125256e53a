package kpi

import "math"

// Band is where a figure stands among the groups that a DORA report found. It is a picture, not a grade: groups differ
// from year to year, and no report since 2024 has them.
type Band struct {
	// Edition is the year of the report that the limits are from.
	Edition int
	// Name is elite, high, medium or low; empty where the figure is worse than the lowest group's.
	Name string
}

// BandNames are the bands, best first.
var BandNames = []string{"elite", "high", "medium", "low"}

// bands are the limits of one metric in one edition, by band, best first.
type bands struct {
	edition int
	limits  [4]limit
}

// limit is the worst figure of a band; open limits do not belong to it.
type limit struct {
	value float64
	open  bool
}

const (
	hour  = 3_600.0
	days  = 86_400.0
	month = 30 * days
)

// doraBands are the groups of the Accelerate State of DevOps report of 2024
// (https://dora.dev/research/2024/dora-report/). Its change failure rates go up and down from group to group, so that
// those of 2023 (https://dora.dev/research/2023/dora-report/) stand in for them. A month is 30 days, and six are 182.
var doraBands = map[string]bands{
	// On demand, several a day · once a day to once a week · once a week to once a month · once a month to once in six.
	"deployment-frequency":  {2024, [4]limit{{1, true}, {1. / 7, false}, {1. / 30, false}, {1. / 182, false}}},
	"lead-time-for-changes": {2024, [4]limit{{1 * days, true}, {7 * days, true}, {month, true}, {182 * days, true}}},
	"change-failure-rate":   {2023, [4]limit{{0.05, false}, {0.10, false}, {0.15, false}, {0.64, false}}},
	// High and medium are the same in 2024: less than a day.
	"failed-deployment-recovery-time": {2024, [4]limit{{1 * hour, true}, {1 * days, true}, {1 * days, true}, {month, true}}},
}

// BandOf is the DORA band of a figure's default statistic: nil for a KPI that the reports have no groups for, for one
// that was not measured whole, and for one in working hours.
func BandOf(r Result) *Band {
	of, ok := doraBands[r.ID]
	if !ok || r.Status != Measured || r.Day > 0 || len(r.Filter) > 0 {
		return nil
	}
	e := r.Estimate(r.Default())
	if !e.Known {
		return nil
	}
	band := &Band{Edition: of.edition}
	for i, l := range of.limits {
		better := e.Value - l.value
		if r.Better == Lower {
			better = -better
		}
		if better > 0 || !l.open && math.Abs(better) < 1e-12 {
			band.Name = BandNames[i]
			break
		}
	}
	return band
}
