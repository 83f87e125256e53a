package stats

// Limits are those of an XmR chart.
type Limits struct{ Center, Low, High float64 }

// XmR is.
func XmR(values []float64) Limits { return Limits{} }
