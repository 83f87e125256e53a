package collect

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"strings"
	"time"

	gogithub "github.com/google/go-github/v60/github"

	"kpi-gate/internal/github"
	"kpi-gate/internal/model"
)

// alertList is a list of security alerts that can be read in the order of their last update.
type alertList struct {
	feed model.Feed
	// name is what the alerts are called, path where they are listed below the repository.
	name, path string
	// permission is what a workflow has to grant for reading them.
	permission string
	// absences are GitHub's words for alerts that no permission brings back.
	absences []absence
	// page asks for a page at an address.
	page func(ctx context.Context, r *reading, address string) ([]model.Alert, *gogithub.Response, error)
}

// absence is a reason why there are no alerts to read.
type absence struct {
	// said is a part of GitHub's message, in lower case.
	said string
	// advice says what it means, and what to do about it.
	advice string
}

// asListed is an alert that was updated at a time, which GitHub need not tell: then it is the latest time that it does.
func asListed(alert model.Alert, updated *gogithub.Timestamp) model.Alert {
	alert.Updated = stamp(updated)
	for _, t := range []time.Time{alert.Created, alert.Fixed, alert.Dismissed} {
		if t.After(alert.Updated) {
			alert.Updated = t
		}
	}
	return alert
}

// alertPage asks for a page of alerts, each of which comes as a W.
func alertPage[W interface{ listed() model.Alert }](
	ctx context.Context, r *reading, address string,
) ([]model.Alert, *gogithub.Response, error) {
	var sent []W
	response, err := get(ctx, r.client, address, &sent)
	if err != nil {
		return nil, nil, err
	}
	page := make([]model.Alert, len(sent))
	for i, w := range sent {
		page[i] = w.listed()
	}
	return page, response, nil
}

// readAlerts reads the alerts that are open, and those that were updated since the reach, in the order of numbers: only
// what was touched since an earlier reading where there was one, whose alerts had are. What it read before an error is
// returned with it.
func readAlerts(
	ctx context.Context, r *reading, list alertList, had func(*model.Snapshot) []model.Alert,
) ([]model.Alert, error) {
	defer r.tell(list.feed, 0, 0, true)
	a := &alertReading{reading: r, list: list, size: largestPage, alerts: map[int]model.Alert{}}
	facts, through := r.known(list.feed)
	since := second(through.Add(-overlap))
	var err error
	if facts == nil || since.Before(r.request.Reach) {
		err = a.all(ctx)
	} else {
		err = a.extend(ctx, had(facts), since)
	}
	if err != nil {
		return inOrder(a.alerts), a.explain(err)
	}
	return inOrder(a.alerts), nil
}

// alertReading is the reading of one list.
type alertReading struct {
	*reading
	list alertList
	// size is the page size that GitHub is known to answer.
	size   int
	alerts map[int]model.Alert
}

// extend adds what was touched since an instant to the alerts that an earlier reading had.
//
// Note: an alert goes when the analysis that found it is deleted, or the feature is turned off, and REST says of no
// list how long it is. One that is gone stays known until a list that fits on one page, or a reading of everything,
// shows that.
func (a *alertReading) extend(ctx context.Context, had []model.Alert, since time.Time) error {
	latest, pages, whole, err := a.updatedSince(ctx, since)
	if err == nil && pages > 1 {
		_, err = a.front(ctx, latest)
	}
	if whole && pages == 1 {
		return err
	}
	read := maps.Clone(a.alerts)
	a.take(had)
	a.reuse(len(a.alerts) - len(read))
	for number, alert := range read {
		a.alerts[number] = alert
	}
	return err
}

// all reads the list from the latest update back to the reach, and then the open alerts that were not touched since.
//
// Both lists move while they are read. An alert that is touched goes to the front of the first, past the pages still to
// be read, so the front is read again until all that was touched meanwhile is on one page. An alert that is closed
// leaves the list of the open ones, and those behind it move up, perhaps onto a page that was read already. It was
// touched then, so the open ones are read again where the front shows that anything was. What is read twice is as it
// was read last. One answer is never torn: a list of one page takes one request.
func (a *alertReading) all(ctx context.Context) error {
	latest, pages, whole, err := a.updatedSince(ctx, second(a.request.Reach))
	if err != nil || whole && pages == 1 {
		return err
	}
	for range maxOpenReadings {
		open := 0
		if !whole {
			// The time of creation never changes: among the alerts that stay, none moves past another.
			query := url.Values{"state": {"open"}, "sort": {"created"}, "direction": {"asc"}}
			open, _, err = a.pages(ctx, query, func([]model.Alert) bool { return true })
			if err != nil {
				return err
			}
		}
		front, err := a.front(ctx, latest)
		if err != nil || open <= 1 || !front.After(latest) {
			return err
		}
		latest = front
	}
	return fmt.Errorf("the list of the open ones changed each of the %d times it was read: some may be missing",
		maxOpenReadings)
}

// front reads what was updated since an instant until that is on one page. It returns the latest update.
func (a *alertReading) front(ctx context.Context, since time.Time) (time.Time, error) {
	for {
		latest, pages, _, err := a.updatedSince(ctx, since)
		if err != nil || pages == 1 || !latest.After(since) {
			return latest, err
		}
		since = latest
	}
}

// updatedSince reads what was updated since an instant, the latest first. It returns the latest update, how many pages
// it read, and whether the list ended with them.
func (a *alertReading) updatedSince(ctx context.Context, since time.Time) (
	latest time.Time, pages int, whole bool, err error,
) {
	query := url.Values{"sort": {"updated"}, "direction": {"desc"}}
	pages, whole, err = a.pages(ctx, query, func(page []model.Alert) bool {
		if len(page) == 0 {
			return true
		}
		if latest.IsZero() {
			latest = page[0].Updated
		}
		return !page[len(page)-1].Updated.Before(since)
	})
	return latest, pages, whole, err
}

// pages reads pages of the list for as long as more wants another. It returns how many it read, and whether the list
// ended with them.
func (a *alertReading) pages(ctx context.Context, query url.Values, more func([]model.Alert) bool) (
	read int, whole bool, err error,
) {
	for {
		var page []model.Alert
		response, err := restPage(query, &a.size, func() (response *gogithub.Response, err error) {
			address := fmt.Sprintf("repos/%s/%s/%s?%s",
				a.repository.Owner, a.repository.Name, a.list.path, query.Encode())
			page, response, err = a.list.page(ctx, a.reading, address)
			return response, err
		})
		if err != nil {
			return read, false, err
		}
		read++
		a.take(page)
		a.tell(a.list.feed, len(a.alerts), 0, false)
		wanted := more(page)
		if !nextPage(query, response) {
			return read, true, nil
		}
		if !wanted {
			return read, false, nil
		}
	}
}

// take keeps the alerts of a page that are open or were updated since the reach.
func (a *alertReading) take(page []model.Alert) {
	reach := second(a.request.Reach)
	for _, alert := range page {
		closed := !alert.Fixed.IsZero() || !alert.Dismissed.IsZero()
		if alert.Number != 0 && !(closed && alert.Updated.Before(reach)) {
			a.alerts[alert.Number] = alert
		}
	}
}

// explain says what was being read. A repository without the feature is told from a token without the permission by
// GitHub's words alone: both are 403, or 404 to a token that may not know
// (https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api). The error of the former is no
// PermissionError: granting anything would be in vain.
func (a *alertReading) explain(err error) error {
	var (
		forbidden      *github.PermissionError
		hidden         *github.NotFoundError
		asked, message string
	)
	switch {
	case errors.As(err, &forbidden):
		asked, message = forbidden.Asked, forbidden.Message
	case errors.As(err, &hidden):
		asked, message = hidden.Asked, hidden.Message
	default:
		return fmt.Errorf("reading the %s of %s: %w", a.list.name, a.repository.FullName(), err)
	}
	for _, absent := range a.list.absences {
		if strings.Contains(strings.ToLower(message), absent.said) {
			return fmt.Errorf("%s has no %s: GitHub says %q: %s",
				a.repository.FullName(), a.list.name, message, absent.advice)
		}
	}
	if hidden != nil {
		message = "404 " + message + ", although the token sees the repository"
	}
	return fmt.Errorf("reading the %s of %s: %w", a.list.name, a.repository.FullName(),
		&github.PermissionError{Asked: asked, Permission: a.list.permission, Message: message})
}
