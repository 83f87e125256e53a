package kpi_test

import (
	"testing"

	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
)

// Of three releases one is by a bot, one by an account that the configuration calls a bot, and one by a person.
func TestAutomationRateOfReleases(t *testing.T) {
	t.Parallel()
	release := func(id int64, tag string, by model.Actor) model.Release {
		return model.Release{ID: id, Tag: tag, SHA: "a", Published: date(9 + int(id)), Author: by}
	}
	s := &model.Snapshot{
		Read: []model.Feed{model.Deployments, model.Releases, model.Tags},
		Releases: []model.Release{
			release(1, "v1", model.Actor{Login: "github-actions", Bot: true}),
			release(2, "v2", model.Actor{Login: "Release-Account"}),
			release(3, "v3", model.Actor{Login: "ann"}),
		},
	}
	of := kpi.Select([]*kpi.Definition{kpi.BuiltIn().Find("automation-rate")})
	for _, test := range []struct {
		bots []string
		hits int
	}{{nil, 1}, {[]string{"release-account[bot]"}, 2}} {
		policy := kpi.DefaultPolicy()
		policy.BotLogins = test.bots
		r := kpi.Compute(s, policy, january, of)[0]
		if r.Source != string(model.SourceReleases) || r.N != 3 || r.Hits != test.hits {
			t.Errorf("bots %v: %d of %d from %s, want %d of 3 from releases", test.bots, r.Hits, r.N, r.Source, test.hits)
		}
	}
}
