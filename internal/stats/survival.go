package stats

// Survival is a Kaplan–Meier curve.
type Survival struct{}

// KaplanMeier estimates.
func KaplanMeier(finished, running []float64) Survival { return Survival{} }

// Quantile is.
func (s Survival) Quantile(q float64) (value float64, reached bool) { return 0, false }
