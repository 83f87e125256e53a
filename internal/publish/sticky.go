package publish

import (
	"context"
	"fmt"

	"kpi-gate/internal/report"
)

// post is a comment or an issue that GitHub has.
type post struct {
	id        int64
	url, body string
}

// sticky is a place for one text that is found again and kept up to date.
type sticky struct {
	channel
	// find is the posts of this gate there, by this account, the oldest first.
	find   func(context.Context) ([]post, error)
	create func(ctx context.Context, body string) (url string, err error)
	update func(ctx context.Context, id int64, body string) error
	// remove takes a post away.
	remove func(ctx context.Context, id int64) error
}

// keep makes the place say what the report says: once, and with no request that writes where it says so already.
func (p *publisher) keep(ctx context.Context, s sticky) report.Published {
	says, err := digestOfSaid(p.report)
	if err != nil {
		return because(s.to, failed, err.Error())
	}
	text, err := p.text()
	if err != nil {
		return because(s.to, failed, err.Error())
	}
	body := marked(digest(p.to.Gate), says, text)
	posts, err := s.find(ctx)
	switch {
	case err != nil:
		return because(s.to, failed, s.unread(err))
	case len(posts) == 0 && !p.worthSaying():
		return because(s.to, notNeeded, "every benchmark is held: there is nothing to say")
	case len(posts) == 0:
		url, err := s.create(ctx, body)
		if err != nil {
			return because(s.to, failed, s.refusal(err))
		}
		return told(s.to, created, url)
	}
	first := posts[0]
	state := unchanged
	if m, _ := markerOf(first.body); m.says != says {
		if err := s.update(ctx, first.id, body); err != nil {
			return because(s.to, failed, s.refusal(err))
		}
		state = updated
	}
	if err := s.removeRepeated(ctx, posts[1:]); err != nil {
		return because(s.to, failed, err.Error())
	}
	return told(s.to, state, first.url)
}

// removeRepeated takes away the posts that another run made at the same time as the first one was made. One that
// somebody has added to stays.
func (s sticky) removeRepeated(ctx context.Context, posts []post) error {
	for _, repeated := range posts {
		if !isAsWritten(repeated.body) {
			continue
		}
		if err := s.remove(ctx, repeated.id); err != nil {
			return fmt.Errorf("the first %s is up to date, but a second one is there too, made by another run: %s",
				s.noun, s.refusal(err))
		}
	}
	return nil
}
