// Package stats has the statistics that reports use: percentiles, intervals, comparisons. Every function is pure.
package stats

// Interval is a two-sided 95 % interval; an open side is ±Inf.
type Interval struct{ Low, High float64 }
