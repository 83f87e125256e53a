package kpi

import (
	"fmt"
	"time"
)

// Statistic names one number drawn from a KPI's sample.
type Statistic struct {
	// Name is value, p50, p75, p90, p95, mean, max, km_p50, km_p90 or within.
	Name string
	// Within is the D of within(D), whole seconds.
	Within time.Duration
	// Day is how long a day of Within is where that is a working day; 0 stands for 24 hours.
	Day time.Duration
}

// String is the statistic as a benchmark writes it, such as p90 or within(7d).
func (s Statistic) String() string {
	if s.Name != "within" {
		return s.Name
	}
	whole := day
	if s.Day > 0 {
		whole = s.Day
	}
	for _, unit := range []struct {
		length time.Duration
		name   string
	}{{whole, "d"}, {time.Hour, "h"}, {time.Minute, "m"}} {
		if s.Within >= unit.length && s.Within%unit.length == 0 {
			return fmt.Sprintf("within(%d%s)", s.Within/unit.length, unit.name)
		}
	}
	return fmt.Sprintf("within(%ds)", s.Within/time.Second)
}

// quantiles are the percentiles by name.
var quantiles = map[string]float64{"p50": 0.50, "p75": 0.75, "p90": 0.90, "p95": 0.95}

// survivals are the quantiles of the Kaplan–Meier estimate by name.
var survivals = map[string]float64{"km_p50": 0.50, "km_p90": 0.90}

func isSurvival(s Statistic) bool { return survivals[s.Name] > 0 }

// Statistics lists the statistics of a kind, the default first. Durations also have within, which needs its D.
func Statistics(k Kind) []Statistic {
	switch k {
	case KindDuration:
		return append(Statistics(KindAmount), Statistic{Name: "km_p50"}, Statistic{Name: "km_p90"})
	case KindAmount:
		return []Statistic{{Name: "p50"}, {Name: "p75"}, {Name: "p90"}, {Name: "p95"}, {Name: "mean"}, {Name: "max"}}
	default:
		return []Statistic{{Name: "value"}}
	}
}
