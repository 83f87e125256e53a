package githubsim

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

// askedIssue is what the body of a request says of an issue.
type askedIssue struct {
	Title, Body *string
	State       *string
	StateReason *string `json:"state_reason"`
	// Labels are names, or objects that have one.
	Labels *[]json.RawMessage
}

// labels are the names of the labels.
func (a *askedIssue) labels() ([]string, error) {
	var names []string
	for _, raw := range *a.Labels {
		var name string
		var named struct{ Name string }
		if json.Unmarshal(raw, &name) != nil {
			if err := json.Unmarshal(raw, &named); err != nil {
				return nil, unfit("Label", "name", "invalid", "")
			}
			name = named.Name
		}
		names = append(names, name)
	}
	return names, nil
}

// askedIssue reads the body of a request about an issue.
func (c *restCall) askedIssue() (*askedIssue, error) {
	if slices.Contains(c.api.server.opts.Off, "issues") {
		return nil, refused(http.StatusGone, "Issues has been disabled in this repository.")
	}
	if err := c.permit("issues", "issues=write"); err != nil {
		return nil, err
	}
	var asked askedIssue
	if err := c.parse(&asked); err != nil {
		return nil, err
	}
	if asked.Body != nil {
		if err := checkText("Issue", "body", *asked.Body, maxText); err != nil {
			return nil, err
		}
	}
	return &asked, nil
}

// createIssue answers POST /issues. It makes the labels that there are not
// (https://docs.github.com/en/rest/issues/issues#create-an-issue).
func (c *restCall) createIssue() (any, error) {
	asked, err := c.askedIssue()
	if err != nil {
		return nil, err
	}
	if asked.Title == nil || strings.TrimSpace(*asked.Title) == "" {
		return nil, unfit("Issue", "title", "missing_field", "")
	}
	s := c.api.server
	viewer := s.viewer()
	made := Issue{Title: *asked.Title, State: "OPEN", Author: &viewer, AuthorType: s.viewerType()}
	if asked.Body != nil {
		made.Body = *asked.Body
	}
	if asked.Labels != nil {
		if made.Labels, err = asked.labels(); err != nil {
			return nil, err
		}
	}
	s.write(func(w *World, at time.Time, _ int64) {
		made.Number, made.CreatedAt = w.lastNumber()+1, at
		for _, l := range made.Labels {
			made.LabeledEvents = append(made.LabeledEvents, LabelEvent{
				Label: l, At: at, Actor: &viewer, AuthorType: made.AuthorType,
			})
		}
		w.Issues = append(w.Issues, made)
		s.written.Issues = append(s.written.Issues, writtenIssue(&made, 0))
	})
	return c.showIssue(issueItem(&made)), nil
}

// updateIssue answers PATCH /issues/{number}, for issues alone
// (https://docs.github.com/en/rest/issues/issues#update-an-issue).
func (c *restCall) updateIssue() (any, error) {
	item, err := c.item()
	if err != nil {
		return nil, err
	}
	asked, err := c.askedIssue()
	if err != nil {
		return nil, err
	}
	if item.issue == nil {
		return nil, notFound()
	}
	edited := *item.issue
	edited.Title, edited.Body = *cmp.Or(asked.Title, &edited.Title), *cmp.Or(asked.Body, &edited.Body)
	if asked.Labels != nil {
		if edited.Labels, err = asked.labels(); err != nil {
			return nil, err
		}
	}
	s := c.api.server
	viewer := s.viewer()
	var state string
	if asked.State != nil {
		if state = *asked.State; state != "open" && state != "closed" {
			return nil, unfit("Issue", "state", "invalid", "")
		}
	}
	s.write(func(w *World, at time.Time, _ int64) {
		edited.UpdatedAt = &at
		switch {
		case state == "closed" && edited.State == "OPEN":
			edited.State, edited.ClosedAt, edited.StateReason = "CLOSED", &at, "COMPLETED"
			if asked.StateReason != nil {
				edited.StateReason = strings.ToUpper(*asked.StateReason)
			}
			edited.ClosedEvents = grown(edited.ClosedEvents, CloseEvent{At: at, Actor: &viewer, AuthorType: s.viewerType()})
		case state == "open" && edited.State == "CLOSED":
			edited.State, edited.ClosedAt, edited.StateReason = "OPEN", nil, "REOPENED"
			edited.ReopenedEvents = grown(edited.ReopenedEvents, Event{At: at, Actor: &viewer, AuthorType: s.viewerType()})
		}
		*w.issue(edited.Number) = edited
		i := slices.IndexFunc(s.written.Issues, func(w WrittenIssue) bool { return w.Number == edited.Number })
		if i < 0 {
			i = len(s.written.Issues)
			s.written.Issues = append(s.written.Issues, WrittenIssue{})
		}
		s.written.Issues[i] = writtenIssue(&edited, s.written.Issues[i].Edits+1)
	})
	return c.showIssue(issueItem(&edited)), nil
}

func writtenIssue(i *Issue, edits int) WrittenIssue {
	return WrittenIssue{
		Number: i.Number, Title: i.Title, Body: i.Body, State: strings.ToLower(i.State), Labels: i.Labels, Edits: edits,
	}
}

// lastNumber is the largest number of an issue or pull request.
func (w *World) lastNumber() int {
	last := 0
	for i := range w.Issues {
		last = max(last, w.Issues[i].Number)
	}
	for i := range w.Pulls {
		last = max(last, w.Pulls[i].Number)
	}
	return last
}
