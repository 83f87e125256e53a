package cli

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"kpi-gate/internal/collect"
	"kpi-gate/internal/config"
	"kpi-gate/internal/model"
)

// readingRule says by what rule a part of a reading costs requests.
type readingRule struct{ name, rule string }

// readingRules are those of what a request asks for, whatever the repository holds.
func readingRules(r collect.Request) []readingRule {
	reach := r.Reach.UTC().Format(time.DateOnly)
	rules := []readingRule{{collect.RepositoryStep, "one request"}}
	add := func(wanted bool, name, rule string) {
		if wanted {
			rules = append(rules, readingRule{name, rule})
		}
	}
	for i, source := range r.Sources {
		name, rule := sourceRule(r, source)
		if i > 0 {
			rule += "; only if nothing was deployed by what stands above"
		}
		add(name != "", name, rule)
	}
	isMerges := len(r.Sources) > 0 && r.Sources[0] == model.SourceMerges
	add(r.Commits || isMerges, string(model.Commits), "a request for 100 commits of production branches since "+reach+
		"; what was merged late takes more")
	pulls := "a request for 100 of those that are open or were updated since " + reach
	if r.Reviews {
		pulls += ", reviews among them"
	}
	if r.Paths {
		pulls += ", and their files, which costs twice the points"
	}
	add(r.PullRequests, string(model.PullRequests), pulls)
	issues := "a request for 100 of those that are open or were updated since " + reach
	if r.Comments || r.Links {
		issues += ", with what was said and linked there"
	}
	add(r.Issues, string(model.Issues), issues)
	add(r.Issues && r.IssueTypes, collect.IssueTypesStep, "a request for 100 issues, since a class has types")
	add(r.Issues && r.Incident != nil, string(model.PastIncidents), "usually one request")
	add(r.Milestones, string(model.Milestones), "usually one request; milestones with much in them take more")
	branches := "the default branch"
	if r.Branch != nil {
		branches = "all branches"
	}
	add(r.CI, string(model.Runs), "a request for 100 workflow runs of "+branches+" since "+reach)
	add(r.CI && r.Jobs != nil, string(model.Jobs), "a request for each of these runs: by far the most of all")
	add(r.Vulnerabilities, string(model.VulnerabilityAlerts), "a request for 100 alerts")
	add(r.CodeScanning, string(model.CodeScanningAlerts), "a request for 100 alerts")
	return rules
}

// sourceRule is the rule of a source of deployments; merges are commits, which have their own.
func sourceRule(r collect.Request, source model.Source) (name, rule string) {
	switch source {
	case model.SourceDeployments:
		return string(model.Deployments), "a request for 100, newest first, until nothing older can matter"
	case model.SourceWorkflow:
		return string(model.DeployRuns), "a request for 100 runs of each of " + strings.Join(r.Workflows, ", ") +
			", until nothing older can matter"
	case model.SourceReleases:
		return string(model.Releases), "a request for 100"
	case model.SourceTags:
		return string(model.Tags), "a request for 100"
	default:
		return "", ""
	}
}

// printRules prints what is read for a configuration, and by what rules that costs requests.
func printRules(w io.Writer, c config.Config, r collect.Request) error {
	fmt.Fprintf(w, "What is read for these %d KPIs and %d benchmarks, and what it takes:\n\n",
		len(c.Asked), len(c.Benchmarks))
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, of := range readingRules(r) {
		fmt.Fprintf(table, "%s\t%s\n", of.name, of.rule)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	last := []string{
		"Nothing costs less than one request.",
		"A snapshot file (the input and flag cache) saves reading again what is closed.",
	}
	if c.Budget.Requests > 0 || c.Budget.Points > 0 {
		last = append(last, "The budget is "+budget(c)+".")
	}
	last = append(last, "With --plan and a repository it is told what all this comes to.")
	_, err := fmt.Fprintf(w, "\n%s\n", strings.Join(last, "\n"))
	return err
}
