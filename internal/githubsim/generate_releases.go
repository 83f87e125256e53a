package githubsim

import (
	"fmt"
	"slices"
	"time"
)

// deploymentsPerRelease is how many deployments to production go into one release.
const deploymentsPerRelease = 5

// writeReleases tags every few deployments to production with a version and publishes it; some have a release
// candidate first, and the next version is a draft.
func (g *generator) writeReleases() {
	minor, patch := 0, 0
	add := func(version, sha string, at time.Time, pre bool) {
		author := g.maintainer("")
		g.world.Tags = append(g.world.Tags, Tag{Name: version, OID: sha, Date: &at})
		published := at.Add(g.uniform(10*time.Second, 2*time.Minute))
		if !g.past(published) {
			return
		}
		g.world.Releases = append(g.world.Releases, Release{
			TagName: version, Name: version, CreatedAt: at, PublishedAt: &published, IsPrerelease: pre, OID: sha,
			Author: author.name(),
		})
	}
	for i, s := range g.releases {
		if i%deploymentsPerRelease != 0 || s.remedy != noRemedy {
			continue
		}
		if minor++; g.chance(0.3) {
			minor, patch = minor-1, patch+1
		} else {
			patch = 0
		}
		version := fmt.Sprintf("v1.%d.%d", minor, patch)
		if candidate := s.created.Add(-g.uniform(2*time.Hour, 6*time.Hour)); g.chance(0.4) && candidate.After(g.began) {
			add(version+"-rc.1", g.head(candidate), candidate, true)
		}
		add(version, s.sha, s.created.Add(-30*time.Second), false)
	}
	if len(g.world.Releases) > 0 {
		last := g.world.Releases[len(g.world.Releases)-1]
		g.world.Releases = append(g.world.Releases, Release{
			TagName: fmt.Sprintf("v1.%d.0", minor+1), Name: "Next", CreatedAt: *last.PublishedAt, IsDraft: true,
			Author: &team[0].login,
		})
	}
	slices.Reverse(g.world.Releases)
	slices.Reverse(g.world.Tags)
}

// writeAlerts adds an alert about a dependency every six days or so, most of them fixed, and some of a code scanner.
func (g *generator) writeAlerts() {
	severities := []string{"low", "medium", "medium", "high", "critical"}
	alert := func(number int) Alert {
		a := Alert{Number: number, State: "open", Severity: g.word(severities), CreatedAt: g.moment()}
		ended := g.atWork(a.CreatedAt.Add(g.spread(5*24*time.Hour, 1)))
		switch x := g.rng.Float64(); {
		case !g.past(ended) || x < 0.1:
		case x < 0.2:
			a.State, a.DismissedAt = "dismissed", &ended
		default:
			a.State, a.FixedAt = "fixed", &ended
		}
		return a
	}
	const daysPerAlert, daysPerFinding = 6, 15
	for i := range g.Days / daysPerAlert {
		a := alert(i + 1)
		a.PackageName = g.word(modules)
		a.GHSAID = fmt.Sprintf("GHSA-%04d-%04d-%04d", i+1, g.rng.IntN(10_000), g.rng.IntN(10_000))
		g.world.Dependabot = append(g.world.Dependabot, a)
	}
	for i := range g.Days / daysPerFinding {
		g.world.CodeScanning = append(g.world.CodeScanning, alert(i+1))
	}
}
