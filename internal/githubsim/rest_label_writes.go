package githubsim

import (
	"slices"
	"time"
)

// addLabels answers POST /issues/{number}/labels: an issue or a pull request gets labels that it does not have yet
// (https://docs.github.com/en/rest/issues/labels#add-labels-to-an-issue).
func (c *restCall) addLabels() (any, error) {
	item, err := c.item()
	if err != nil {
		return nil, err
	}
	if err := c.permitOn(item); err != nil {
		return nil, err
	}
	var asked askedIssue
	if err := c.parse(&asked); err != nil {
		return nil, err
	}
	if asked.Labels == nil {
		return nil, unfit("Label", "labels", "missing_field", "")
	}
	names, err := asked.labels()
	if err != nil {
		return nil, err
	}
	labels := slices.Clone(item.labels)
	s := c.api.server
	viewer := s.viewer()
	s.write(func(w *World, at time.Time, _ int64) {
		var events []LabelEvent
		for _, name := range names {
			if !slices.Contains(labels, name) {
				labels = append(labels, name)
				events = append(events, LabelEvent{Label: name, At: at, Actor: &viewer, AuthorType: s.viewerType()})
			}
		}
		if p := w.pull(item.number); p != nil {
			p.Labels, p.LabeledEvents, p.UpdatedAt = labels, append(slices.Clip(p.LabeledEvents), events...), &at
			return
		}
		i := w.issue(item.number)
		i.Labels, i.LabeledEvents, i.UpdatedAt = labels, append(slices.Clip(i.LabeledEvents), events...), &at
	})
	return c.labels(labels), nil
}
