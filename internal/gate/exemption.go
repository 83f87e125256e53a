package gate

import "kpi-gate/internal/kpi"

// Exemptions say which pull requests may merge although benchmarks are breached, so that repairs are not held up by
// what they repair. The zero Exemptions are none.
type Exemptions struct {
	// Labels are globs for the labels that the pull request has now, Branches for its head branch, unless that is in a
	// fork, Authors for its author's login.
	Labels, Branches, Authors kpi.Globs
	// Paths are globs of which each file that it changes must match one.
	Paths kpi.Globs
	// FixingBreachedClass exempts it from the benchmarks on an issue class of which it closes an open issue, and from those
	// on failed deployments if it reverts a change that such a deployment shipped.
	FixingBreachedClass bool
}
