package collect

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	gogithub "github.com/google/go-github/v60/github"

	"kpi-gate/internal/github"
	"kpi-gate/internal/model"
)

// maxOpenReadings is how often the open alerts are read when they change each time.
const maxOpenReadings = 3

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
	page func(ctx context.Context, r *reading, address string) ([]listedAlert, *gogithub.Response, error)
}

// absence is a reason why there are no alerts to read.
type absence struct {
	// said is a part of GitHub's message, in lower case.
	said string
	// advice says what it means, and what to do about it.
	advice string
}

// listedAlert is an alert as a list gives it.
type listedAlert struct {
	model.Alert
	// updated is the latest time that the list tells of the alert.
	updated time.Time
}

// asListed is an alert that was updated at a time, which GitHub need not tell.
func asListed(alert model.Alert, updated *gogithub.Timestamp) listedAlert {
	listed := listedAlert{Alert: alert, updated: stamp(updated)}
	for _, t := range []time.Time{alert.Created, alert.Fixed, alert.Dismissed} {
		if t.After(listed.updated) {
			listed.updated = t
		}
	}
	return listed
}

// closed reports whether the alert is open no more.
func (a *listedAlert) closed() bool { return !a.Fixed.IsZero() || !a.Dismissed.IsZero() }

// alertPage asks for a page of alerts, each of which comes as a W.
func alertPage[W interface{ listed() listedAlert }](
	ctx context.Context, r *reading, address string,
) ([]listedAlert, *gogithub.Response, error) {
	request, err := r.client.REST.NewRequest("GET", address, nil)
	if err != nil {
		return nil, nil, err
	}
	var sent []W
	response, err := r.client.REST.Do(ctx, request, &sent)
	if err != nil {
		return nil, nil, told(err)
	}
	page := make([]listedAlert, len(sent))
	for i, w := range sent {
		page[i] = w.listed()
	}
	return page, response, nil
}

// readAlerts reads the alerts that are open, and those that were updated since the reach, in the order of numbers. What
// it read before an error is returned with it.
func readAlerts(ctx context.Context, r *reading, list alertList) ([]model.Alert, error) {
	defer r.tell(list.feed, 0, 0, true)
	a := &alertReading{reading: r, list: list, alerts: map[int]model.Alert{}}
	err := a.all(ctx)
	numbers := slices.Sorted(maps.Keys(a.alerts))
	read := make([]model.Alert, len(numbers))
	for i, number := range numbers {
		read[i] = a.alerts[number]
	}
	if err != nil {
		return read, a.explain(err)
	}
	return read, nil
}

// alertReading is the reading of one list.
type alertReading struct {
	*reading
	list   alertList
	alerts map[int]model.Alert
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
			open, _, err = a.pages(ctx, query, func([]listedAlert) bool { return true })
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
	pages, whole, err = a.pages(ctx, query, func(page []listedAlert) bool {
		if len(page) == 0 {
			return true
		}
		if latest.IsZero() {
			latest = page[0].updated
		}
		return !page[len(page)-1].updated.Before(since)
	})
	return latest, pages, whole, err
}

// pages reads pages of the list for as long as more wants another. It returns how many it read, and whether the list
// ended with them.
//
// Dependabot's list is paged by cursor, code scanning's by number
// (https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api): the link to the next page says
// which.
func (a *alertReading) pages(ctx context.Context, query url.Values, more func([]listedAlert) bool) (
	read int, whole bool, err error,
) {
	query.Set("per_page", strconv.Itoa(largestPage))
	for {
		address := fmt.Sprintf("repos/%s/%s/%s?%s",
			a.repository.Owner, a.repository.Name, a.list.path, query.Encode())
		page, response, err := a.list.page(ctx, a.reading, address)
		if err != nil {
			return read, false, err
		}
		read++
		a.take(page)
		a.tell(a.list.feed, len(a.alerts), 0, false)
		wanted := more(page)
		switch {
		case response.After != "":
			query.Set("after", response.After)
		case response.NextPage != 0:
			query.Set("page", strconv.Itoa(response.NextPage))
		default:
			return read, true, nil
		}
		if !wanted {
			return read, false, nil
		}
	}
}

// take keeps the alerts of a page that are open or were updated since the reach.
func (a *alertReading) take(page []listedAlert) {
	reach := second(a.request.Reach)
	for i := range page {
		if alert := &page[i]; alert.Number != 0 && !(alert.closed() && alert.updated.Before(reach)) {
			a.alerts[alert.Number] = alert.Alert
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
