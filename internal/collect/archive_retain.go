package collect

import (
	"slices"

	"kpi-gate/internal/model"
)

// latest is the runs of two readings, each as it was found last: they may be of readings at different times.
func latest(a, b []model.Run) []model.Run {
	runs := slices.Concat(a, b)
	slices.SortStableFunc(runs, func(a, b model.Run) int { return b.Updated.Compare(a.Updated) })
	return sorted(runs, func(r model.Run) int64 { return r.ID })
}

// retain puts the facts of a feed, and what the ledger has of it, from an earlier archive into a new one.
func retain(into, from *Archive, feed model.Feed, facts *model.Snapshot) {
	if into.Retained == nil {
		into.Retained = &model.Snapshot{Repository: facts.Repository, AsOf: facts.AsOf, Reach: facts.Reach}
	}
	to := into.Retained
	switch feed {
	case model.Deployments:
		to.Deployments, into.Ledger.Deployments = facts.Deployments, from.Ledger.Deployments
	case model.Releases:
		to.Releases, into.Ledger.Releases = facts.Releases, from.Ledger.Releases
	case model.Tags:
		to.Tags, into.Ledger.Tags = facts.Tags, from.Ledger.Tags
	case model.Commits:
		to.Commits, into.Ledger.Commits = facts.Commits, from.Ledger.Commits
	case model.PullRequests:
		to.PullRequests, into.Ledger.PullRequests = facts.PullRequests, from.Ledger.PullRequests
		into.Ledger.Paths = from.Ledger.Paths
	case model.Issues:
		to.Issues, into.Ledger.Issues = facts.Issues, from.Ledger.Issues
	case model.Links:
		into.Ledger.Links = from.Ledger.Links
	case model.PastIncidents:
		into.Ledger.PastIncident = from.Ledger.PastIncident
	case model.Milestones:
		to.Milestones = facts.Milestones
	case model.Runs:
		to.Runs, into.Ledger.Runs = latest(to.Runs, facts.Runs), from.Ledger.Runs
	case model.DeployRuns:
		to.Runs, into.Ledger.DeployRuns = latest(to.Runs, facts.Runs), from.Ledger.DeployRuns
	case model.Jobs:
		// What is known of them goes into every snapshot, run by run.
	case model.VulnerabilityAlerts:
		to.Vulnerabilities = facts.Vulnerabilities
	case model.CodeScanningAlerts:
		to.CodeScanning = facts.CodeScanning
	}
	for _, at := range []map[model.Feed]Coverage{from.Whole, from.RetainedWhole} {
		if c, ok := at[feed]; ok {
			into.RetainedWhole[feed] = c
			return
		}
	}
}
