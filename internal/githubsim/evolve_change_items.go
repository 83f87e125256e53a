package githubsim

import (
	"slices"
	"strings"
	"time"
)

// onItem is a change of the issue or pull request with a number, whichever there is; a nil function changes none of its
// kind. The functions report whether they changed anything, which touches it.
func onItem(at time.Time, number int, issue func(*Issue) bool, pull func(*Pull) bool, what string) Change {
	return change(at, func(w *World) {
		if i := w.issue(number); i != nil && issue != nil {
			touched := later(updatedIssue(i), at)
			if issue(i) {
				i.UpdatedAt = &touched
			}
		}
		if p := w.pull(number); p != nil && pull != nil {
			touched := later(updatedPull(p), at)
			if pull(p) {
				p.UpdatedAt = &touched
			}
		}
	}, "#%d %s", number, what)
}

// EditTitle gives an issue or pull request another title.
func EditTitle(number int, title string, at time.Time) Change {
	edit := func(of *string) bool {
		changed := *of != title
		*of = title
		return changed
	}
	return onItem(at, number, func(i *Issue) bool { return edit(&i.Title) }, func(p *Pull) bool { return edit(&p.Title) },
		"is called "+title)
}

// AddLabel puts a label on an issue or pull request that does not have it.
func AddLabel(number int, label string, at time.Time) Change {
	add := func(labels *[]string, events *[]LabelEvent) bool {
		if anyLabel([]string{label}, *labels) {
			return false
		}
		*labels, *events = grown(*labels, label), grown(*events, LabelEvent{Label: label, At: at})
		return true
	}
	return onItem(at, number, func(i *Issue) bool { return add(&i.Labels, &i.LabeledEvents) },
		func(p *Pull) bool { return add(&p.Labels, &p.LabeledEvents) }, "gets the label "+label)
}

// RemoveLabel takes a label off an issue or pull request that has it.
func RemoveLabel(number int, label string, at time.Time) Change {
	remove := func(labels *[]string, events *[]LabelEvent) bool {
		if !anyLabel([]string{label}, *labels) {
			return false
		}
		*labels = none(slices.DeleteFunc(slices.Clone(*labels), func(l string) bool { return strings.EqualFold(l, label) }))
		*events = grown(*events, LabelEvent{Label: label, At: at})
		return true
	}
	return onItem(at, number, func(i *Issue) bool { return remove(&i.Labels, &i.UnlabeledEvents) },
		func(p *Pull) bool { return remove(&p.Labels, &p.UnlabeledEvents) }, "loses the label "+label)
}

// Reopen opens a closed issue, or a pull request that was closed without being merged, again.
func Reopen(number int, at time.Time) Change {
	return onItem(at, number, func(i *Issue) bool {
		if i.State != "CLOSED" {
			return false
		}
		i.State, i.StateReason, i.ClosedAt = "OPEN", "REOPENED", nil
		i.ReopenedEvents = grown(i.ReopenedEvents, Event{At: at})
		return true
	}, func(p *Pull) bool {
		if p.State != "CLOSED" {
			return false
		}
		p.State, p.ClosedAt = "OPEN", nil
		p.ReopenedEvents = grown(p.ReopenedEvents, Event{At: at})
		return true
	}, "is opened again")
}

// Close closes an open issue as completed, or an open pull request without merging it.
func Close(number int, at time.Time) Change {
	return onItem(at, number, func(i *Issue) bool {
		if i.State != "OPEN" {
			return false
		}
		i.State, i.StateReason, i.ClosedAt = "CLOSED", "COMPLETED", &at
		i.ClosedEvents = grown(i.ClosedEvents, CloseEvent{At: at, StateReason: "COMPLETED"})
		return true
	}, func(p *Pull) bool {
		if p.State != "OPEN" {
			return false
		}
		p.State, p.ClosedAt = "CLOSED", &at
		p.ClosedEvents = grown(p.ClosedEvents, CloseEvent{At: at})
		return true
	}, "is closed")
}

// DeleteComment deletes the last comment on an issue, or in the conversation of a pull request. GitHub counts that as
// touching it.
func DeleteComment(number int, at time.Time) Change {
	remove := func(comments *[]Comment) bool {
		if len(*comments) == 0 {
			return false
		}
		last := 0
		for n, c := range *comments {
			if !c.CreatedAt.Before((*comments)[last].CreatedAt) {
				last = n
			}
		}
		*comments = none(slices.Delete(slices.Clone(*comments), last, last+1))
		return true
	}
	return onItem(at, number, func(i *Issue) bool { return remove(&i.Comments) },
		func(p *Pull) bool { return remove(&p.Comments) }, "loses a comment")
}

// DeleteIssue deletes an issue. Its number is not given again.
func DeleteIssue(number int, at time.Time) Change {
	return change(at, func(w *World) {
		w.Issues = slices.DeleteFunc(w.Issues, func(i Issue) bool { return i.Number == number })
	}, "#%d is deleted", number)
}
