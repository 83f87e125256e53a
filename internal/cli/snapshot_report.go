package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"kpi-gate/internal/collect"
	"kpi-gate/internal/config"
	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
)

// openedSnapshot is a snapshot file to be measured, and how.
type openedSnapshot struct {
	path    string
	archive *collect.Archive
	config  config.Config
}

// openSnapshot reads a snapshot file, and validates settings and a configuration file (nil: there is none) for it: the
// repository is the file's and the window ends where the file's does, unless they say the same or less.
func openSnapshot(env Env, settings config.Settings, f *config.File, path string) (*openedSnapshot, error) {
	if settings.Cache != "" {
		return nil, &usageError{&config.Error{
			Setting: "cache", Value: settings.Cache, Message: "has no place beside --snapshot: nothing is read",
		}}
	}
	archive, err := loadArchive(path)
	var bad *badSnapshotFileError
	if errors.As(err, &bad) {
		err = fmt.Errorf("%s cannot be used: %w; make it again with 'kpi-gate collect -o'", path, bad)
	}
	if err != nil {
		return nil, &usageError{fmt.Errorf("snapshot: %w", err)}
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
	c, err := config.Resolve(settings, f, now)
	if err != nil {
		return nil, &usageError{err}
	}
	return &openedSnapshot{path: path, archive: archive, config: c}, nil
}

// tell says on w what the file holds.
func (o *openedSnapshot) tell(w io.Writer) {
	s := o.archive.Snapshot
	fmt.Fprintf(&logWriter{to: w}, "Snapshot file: %s holds %s as of %s; GitHub is not asked\n", o.path,
		s.Repository.FullName(), s.AsOf.Format(time.RFC3339))
}

// covers sees that the file has what a configuration needs, back to reach.
func (o *openedSnapshot) covers(c config.Config, reach time.Time) error {
	errs := uncovered(o.path, o.archive, c, reach)
	s := o.archive.Snapshot
	if missing := unread(s, c); len(missing) > 0 {
		errs = append(errs, fmt.Errorf("kpis: %s has no %s, which some of the KPIs need: report others (it has %s), or collect"+
			" again with these settings", o.path, strings.Join(missing, ", "), strings.Join(texts(s.Read), ", ")))
	}
	if len(errs) > 0 {
		return &usageError{errors.Join(errs...)}
	}
	return nil
}

// reportSnapshot measures what a snapshot file holds, and asks GitHub for nothing: the configuration file is one on this
// machine, and there is none without the setting config.
func reportSnapshot(ctx context.Context, env Env, settings config.Settings, path string) error {
	file, err := localFile(settings)
	if err != nil {
		return &usageError{err}
	}
	g := &gateRun{env: env, origin: origin{path: settings.Config}}
	settings.Config = "" // It has been read.
	opened, err := openSnapshot(env, settings, file, path)
	if err != nil {
		return err
	}
	c := opened.config
	g.Config, g.home = c, c.Owner+"/"+c.Name
	if err := opened.covers(c, kpi.Reach(c.Window)); err != nil {
		return err
	}
	if err := checkFolder("report-dir", "the folder for the report", c.ReportDir); err != nil {
		return &usageError{err}
	}
	opened.tell(env.Stderr)
	return g.show(g.judge(ctx, &reading{snapshot: opened.archive.Snapshot}))
}

// uncovered says what a configuration needs, back to reach, that a snapshot file does not have: by the setting, what the
// file has, and what to do.
func uncovered(path string, archive *collect.Archive, c config.Config, reach time.Time) []error {
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
	if reach.Before(s.Reach) {
		const day = 24 * time.Hour
		wrong("window", "%s goes back to %s, and this window, with what comes before it, to %s: take a shorter one, or collect"+
			" again with --back %dd", path, instant(s.Reach), instant(reach), (s.Until.Sub(reach)+day-1)/day)
	}
	wanted := scope(c)
	for _, name := range collect.Differences(archive.Scope, wanted) {
		had, is := archive.Scope[name], wanted[name]
		if name == "classes" && is == withoutIssueTypes {
			continue // The file knows more.
		}
		wrong(name, "%s was read for %q, not for %q: say the same, or collect again", path, had, is)
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
