package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"kpi-gate/internal/collect"
	"kpi-gate/internal/config"
	"kpi-gate/internal/github"
	"kpi-gate/internal/kpi"
)

// planned is the flag of commands that can say what they would ask of GitHub instead of asking it.
type planned struct {
	Plan bool `help:"Print what would be asked of GitHub, feed by feed, and what that would cost, and end. Finding that out takes up to three requests."`
}

// showPlan prints what a report of a configuration would ask of GitHub and what that would cost.
func showPlan(ctx context.Context, env Env, c config.Config, at endpoints) error {
	return showPlanBack(ctx, env, c, kpi.Reach(c.Window), at)
}

// showPlanBack is showPlan for a reading that goes back as far as reach.
func showPlanBack(ctx context.Context, env Env, c config.Config, reach time.Time, at endpoints) error {
	client, err := client(env, c, at)
	if err != nil {
		return err
	}
	wanted, aside := requestBack(c, reach, env.Now()), ""
	if c.Cache != "" {
		file, err := openSnapshotFile(c.Cache)
		if err != nil {
			return &usageError{err}
		}
		wanted.Archive, aside = &file.archive, file.aside
	}
	plan, err := collect.NewPlan(ctx, client, wanted)
	if err != nil {
		return explain(ctx, c, err)
	}
	plan.Aside = cmp.Or(aside, plan.Aside)
	log := &logWriter{to: env.Stdout}
	if err := printPlan(log, c, plan); err != nil {
		return fmt.Errorf("printing the plan: %w", err)
	}
	return log.Close()
}

// printPlan prints a plan for people.
func printPlan(w io.Writer, c config.Config, p *collect.Plan) error {
	fmt.Fprintf(w, "What reading %s would take:\n\n", p.Repository.FullName())
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "feed\titems to read\trequests\tpoints\t")
	for _, s := range p.Steps {
		items, note := fmt.Sprint(s.Items), ""
		switch {
		case s.Unknown != "":
			items, note = "?", s.Unknown
		case s.AtMost:
			items = "at most " + items
		}
		switch {
		case s.Fallback:
			note = "only if nothing was deployed by what stands above; not in the sum"
		case s.Known:
			note = "the snapshot file knows the rest"
		}
		fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%s\n", s.Name, items, s.Requests, s.Points, note)
	}
	requests, points := p.Cost()
	fmt.Fprintf(table, "in all\t\t%d\t%d\t\n", requests, points)
	if err := table.Flush(); err != nil {
		return err
	}
	if p.Aside != "" {
		fmt.Fprintf(w, "\nThe snapshot file %s would be left aside, because %s.\n", c.Cache, p.Aside)
	}
	fmt.Fprintln(w)
	left(w, "REST", "requests", p.Limits.REST)
	left(w, "GraphQL", "points", p.Limits.GraphQL)
	if c.Budget.Requests > 0 || c.Budget.Points > 0 {
		fmt.Fprintf(w, "The budget is %s.\n", budget(c))
	}
	_, err := fmt.Fprintf(w, "Finding this out took %s and %s. Older pull requests and issues that others"+
		" name come on top.\n", counted(p.Asked.Requests, "request"),
		counted(p.Asked.Points, "point"))
	return err
}

// left says what remains of the hour.
func left(w io.Writer, api, unit string, limit github.Limit) {
	if !limit.Known {
		fmt.Fprintf(w, "%s: how many %s are left of the hour is not known.\n", api, unit)
		return
	}
	fmt.Fprintf(w, "%s: %d of %d %s are left until %s.\n",
		api, limit.Remaining, limit.Limit, unit, limit.Reset.Format(time.RFC3339))
}

// budget says what a configuration allows itself.
func budget(c config.Config) string {
	switch {
	case c.Budget.Points == 0:
		return counted(c.Budget.Requests, "request")
	case c.Budget.Requests == 0:
		return counted(c.Budget.Points, "point")
	}
	return counted(c.Budget.Requests, "request") + " and " + counted(c.Budget.Points, "point")
}

// counted is a count with its noun, an s added unless it is 1.
func counted(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
