package collect

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"

	gogithub "github.com/google/go-github/v60/github"

	"kpi-gate/internal/github"
)

// get asks REST for JSON at an address below the API's own.
func get(ctx context.Context, client *github.Client, address string, into any) (*gogithub.Response, error) {
	request, err := client.REST.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	response, err := client.REST.Do(ctx, request, into)
	return response, told(err)
}

// restPages is how many items of a REST list to ask for at a time: largestPage, fewer once GitHub found that too much for
// one answer. It is safe for concurrent use.
type restPages struct {
	// size is 0 while nothing was too much.
	size atomic.Int64
}

// hundred reads a part of a list, the number-th largestPage items counted from 1: on one page, or on smaller ones that
// hold the same items. get reads a page and says whether the list goes on after it.
func (p *restPages) hundred(number int, get func(number, size int) (more bool, err error)) (more bool, err error) {
	for at := (number - 1) * largestPage; at < number*largestPage; {
		size := p.now()
		more, err = get(at/size+1, size)
		var tooMuch *github.TimeoutError
		if errors.As(err, &tooMuch) && size > 1 {
			p.shrink(size)
			continue
		}
		if err != nil || !more {
			return more, err
		}
		at += size
	}
	return more, nil
}

// now is the size to ask for.
func (p *restPages) now() int {
	if size := p.size.Load(); size > 0 {
		return int(size)
	}
	return largestPage
}

// smaller is the size of a REST page after one that was too much for an answer: of 100, 50, then 25, 5 and 1; 0 after
// that. Each is a part of the one before, because GitHub counts pages, not items: a place in the list has to be the
// beginning of a smaller page as well.
func smaller(size int) int {
	if size%2 > 0 {
		return size / 5
	}
	return size / 2
}

// shrink makes the size smaller than one that was too much.
func (p *restPages) shrink(size int) {
	next := int64(smaller(size))
	for {
		had := p.size.Load()
		if had > 0 && had <= next || p.size.CompareAndSwap(had, next) {
			return
		}
	}
}
