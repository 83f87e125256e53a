package cli

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"kpi-gate/internal/collect"
	"kpi-gate/internal/config"
	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
)

// reportSnapshot measures what a snapshot file holds, and asks GitHub for nothing.
func reportSnapshot(env Env, settings config.Settings, path string) error {
	if settings.Cache != "" {
		return &usageError{&config.Error{
			Setting: "cache", Value: settings.Cache, Message: "has no place beside --snapshot: nothing is read",
		}}
	}
	archive, err := loadArchive(path)
	var bad *badSnapshotFileError
	if errors.As(err, &bad) {
		err = fmt.Errorf("%s cannot be used: %w; make it again with 'kpi-gate collect -o'", path, bad)
	}
	if err != nil {
		return &usageError{fmt.Errorf("snapshot: %w", err)}
	}
	s := archive.Snapshot
	if settings.Repository == "" {
		settings.Repository = s.Repository.FullName()
	}
	if settings.Until == "" {
		settings.Until = s.Until.Format(time.RFC3339)
	}
	now := env.Now()
	if s.Until.After(now) {
		now = s.Until // It was made on a machine whose clock goes faster.
	}
	c, err := config.Resolve(settings, nil, now)
	if err != nil {
		return &usageError{err}
	}
	if uncovered := uncovered(path, archive, c); len(uncovered) > 0 {
		return &usageError{errors.Join(uncovered...)}
	}
	if err := checkFolder("report-dir", "the folder for the report", c.ReportDir); err != nil {
		return &usageError{err}
	}
	log := &logWriter{to: env.Stderr}
	fmt.Fprintf(log, "Snapshot file: %s holds %s as of %s; GitHub is not asked\n", path, s.Repository.FullName(),
		s.AsOf.Format(time.RFC3339))
	return show(env, c, judge(c, &reading{snapshot: s}))
}

// uncovered says what a configuration needs that a snapshot file does not have: by the setting, what the file has, and
// what to do.
func uncovered(path string, archive *collect.Archive, c config.Config) []error {
	var errs []error
	s := archive.Snapshot
	wrong := func(setting, format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s: %s", setting, fmt.Sprintf(format, args...)))
	}
	if asked := c.Owner + "/" + c.Name; !strings.EqualFold(asked, s.Repository.FullName()) {
		wrong("repository", "%s is of %s, not of %s: leave the setting out, or collect %s", path, s.Repository.FullName(),
			asked, asked)
	}
	instant := func(t time.Time) string { return t.UTC().Format(time.RFC3339) }
	if c.Window.Until.After(s.Until) {
		wrong("until", "%s was read up to %s, and the window ends at %s: end it earlier, or collect again", path,
			instant(s.Until), instant(c.Window.Until))
	}
	if reach := kpi.Reach(c.Window); reach.Before(s.Reach) {
		wrong("window", "%s goes back to %s, and this window, with the one before it and 12 weeks, to %s: take a shorter one,"+
			" or collect again with it", path, instant(s.Reach), instant(reach))
	}
	wanted := scope(c)
	for _, name := range collect.Differences(archive.Scope, wanted) {
		had, is := archive.Scope[name], wanted[name]
		if name == "classes" && is == withoutIssueTypes {
			continue // The file knows more.
		}
		wrong(name, "%s was read for %q, not for %q: say the same, or collect again", path, had, is)
	}
	if missing := unread(s, c); len(missing) > 0 {
		wrong("kpis", "%s has no %s, which some of the KPIs need: report others (it has %s), or collect again with these"+
			" settings", path, strings.Join(missing, ", "), strings.Join(texts(s.Read), ", "))
	}
	return errs
}

// unread are the feeds that a configuration needs and that nobody tried to read, in order.
func unread(s *model.Snapshot, c config.Config) []string {
	request, feeds := request(c, s.AsOf), kpi.Feeds(selections(c), c.Policy)
	tried := func(feed model.Feed) bool { return slices.Contains(s.Read, feed) }
	if request.Jobs == nil {
		delete(feeds, model.Jobs)
	}
	if request.Incident == nil || slices.ContainsFunc(s.Gaps, func(g model.Gap) bool { return g.Feed == model.Issues }) {
		delete(feeds, model.PastIncidents) // It is not looked for where the issues did not come.
	}
	// The sources after the first one that has a deployment are not needed, nor those after one that could not be read. An
	// earlier or shorter window may have none in the source that was enough for that of the file.
	sources := []model.Feed{model.Deployments, model.DeployRuns, model.Releases, model.Tags}
	source, _ := kpi.Source(s, c.Policy, c.Window)
	sourced := slices.ContainsFunc(sources, tried) && (source != "" || slices.ContainsFunc(s.Gaps, func(g model.Gap) bool {
		return slices.Contains(sources, g.Feed)
	}))
	var missing []string
	for _, feed := range slices.Sorted(maps.Keys(feeds)) {
		if !tried(feed) && !(sourced && slices.Contains(sources, feed)) {
			missing = append(missing, string(feed))
		}
	}
	return missing
}

// texts are feeds as texts.
func texts(feeds []model.Feed) []string {
	all := make([]string, len(feeds))
	for i, feed := range feeds {
		all[i] = string(feed)
	}
	return all
}
