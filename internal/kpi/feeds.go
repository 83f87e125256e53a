package kpi

import "kpi-gate/internal/model"

// Feeds are the feeds whose facts may change the figures of these selections, or what their notes say: figures that are
// computed from these feeds alone are those that the whole repository gives.
func Feeds(selections []Selection, policy Policy) map[model.Feed]bool {
	feeds := map[model.Feed]bool{}
	add := func(all ...model.Feed) {
		for _, feed := range all {
			feeds[feed] = true
		}
	}
	for _, s := range selections {
		add(s.Needs...)
		add(s.Uses...)
		add(s.Mentions...)
		if s.Filter.Asks(Path) {
			add(model.Paths)
		}
		if s.NeedsSource {
			for _, source := range sourcesOf(policy) {
				add(sourceFeeds[source])
			}
		}
	}
	return feeds
}

// sourcesOf are the sources that deployments may come from: the policy's, or those that are tried in turn.
func sourcesOf(policy Policy) []model.Source {
	if policy.Source != "" {
		return []model.Source{policy.Source}
	}
	return AutoSources(policy)
}
