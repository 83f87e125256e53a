package cli

import (
	"slices"
	"strings"
	"time"

	"kpi-gate/internal/collect"
	"kpi-gate/internal/config"
	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
)

// selections are the figures of a configuration: the KPIs that it asks for, and those that its benchmarks are about.
func selections(c config.Config) []kpi.Selection {
	all := kpi.Select(c.Asked)
	return append(all, gate.Selections(c.Benchmarks, all)...)
}

// request is what to read for a report of a configuration, and no more: the feeds that its figures need.
func request(c config.Config, now time.Time) collect.Request {
	return requestBack(c, kpi.Reach(c.Window), now)
}

// requestBack is what to read for the figures of a configuration over all windows that reach can serve.
func requestBack(c config.Config, reach, now time.Time) collect.Request {
	feeds := kpi.Feeds(selections(c), c.Policy)
	r := collect.Request{
		Owner: c.Owner, Name: c.Name, Reach: reach, Until: c.Window.Until,
		Deadline: now.Add(c.Timeout), Scope: scope(c),
		Production: c.Policy.Environments.Match,
		Tag: func(name string) bool {
			return c.Policy.Tags.Match(name) && !kpi.IsPrerelease(name)
		},
		Workflows: c.Policy.Workflows,
		CI:        feeds[model.Runs], PullRequests: feeds[model.PullRequests], Issues: feeds[model.Issues],
		Milestones: feeds[model.Milestones], Commits: feeds[model.Commits], Reviews: feeds[model.Reviews],
		Comments: feeds[model.Comments], Links: feeds[model.Links], Paths: feeds[model.Paths],
		Vulnerabilities: feeds[model.VulnerabilityAlerts], CodeScanning: feeds[model.CodeScanningAlerts],
		Events: kpi.CIEvents(), IssueTypes: feeds[model.Issues] && hasIssueTypes(c.Policy),
	}
	if asksForDeployments(feeds) {
		r.Sources = []model.Source{c.Policy.Source}
		if c.Policy.Source == "" {
			r.Sources = kpi.AutoSources(c.Policy)
			r.Enough = func(s *model.Snapshot, source model.Source) bool {
				return kpi.HasDeployment(s, c.Policy, source, c.Window)
			}
		}
	}
	r.Deployed = func(s *model.Snapshot, source model.Source) []collect.Deployed {
		var deployed []collect.Deployed
		kpi.EachDeployment(s, c.Policy, source, c.Window.Until, func(sha string, finished time.Time) {
			deployed = append(deployed, collect.Deployed{SHA: sha, Finished: finished})
		})
		return deployed
	}
	if len(c.Policy.Branches) > 0 {
		r.Branch = c.Policy.Branches.Match
	}
	if labels := c.Policy.Classes[kpi.Incident].Labels; len(labels) > 0 && feeds[model.PastIncidents] {
		r.Incident = labels.Match
	}
	if c.Jobs && feeds[model.Jobs] {
		r.Jobs = c.Policy.SpeaksForCI
	}
	return r
}

// asksForDeployments reports whether any of the feeds has to do with deployments: a source, or the commits that say what
// was deployed.
func asksForDeployments(feeds map[model.Feed]bool) bool {
	return feeds[model.Deployments] || feeds[model.DeployRuns] || feeds[model.Releases] || feeds[model.Tags] ||
		feeds[model.Commits]
}

// hasIssueTypes reports whether any issue class is told by the types of issues.
func hasIssueTypes(policy kpi.Policy) bool {
	for _, class := range policy.Classes {
		if len(class.Types) > 0 {
			return true
		}
	}
	return false
}

// withoutIssueTypes is what the scope of a reading says of classes that the labels of issues tell alone.
const withoutIssueTypes = "without issue types"

// scope is, by the names of settings, all that the functions and lists of a request follow from, in a form that does not
// depend on the order in which lists were written.
func scope(c config.Config) map[string]string {
	listed := func(names []string) string {
		return strings.Join(slices.Compact(slices.Sorted(slices.Values(names))), ", ")
	}
	source := string(c.Policy.Source)
	if source == "" {
		source = "auto"
	}
	types := withoutIssueTypes
	if hasIssueTypes(c.Policy) {
		types = "with issue types"
	}
	return map[string]string{
		"deployments":     source,
		"environments":    listed(c.Policy.Environments),
		"branches":        listed(c.Policy.Branches),
		"deploy-workflow": listed(c.Policy.Workflows),
		"tags":            listed(c.Policy.Tags),
		"incident-labels": listed(c.Policy.Classes[kpi.Incident].Labels),
		"classes":         types,
		"ci":              listed(c.Policy.ExcludedWorkflows),
	}
}
