package main

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// stranger is a host that is not GitHub, and answers as GitHub does.
type stranger struct {
	answer http.Handler

	mu sync.Mutex
	// heard counts the requests, told holds those of their headers that say who asks, or for whom.
	heard int
	told  []string
}

// ServeHTTP notes what the request gives away.
func (s *stranger) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.heard++
	for _, name := range []string{"Authorization", "Cookie", "Referer", "User-Agent"} {
		for _, value := range r.Header[name] {
			// Go's own name is put on a request that has none.
			if value != "Go-http-client/1.1" {
				s.told = append(s.told, name+": "+value)
			}
		}
	}
	s.mu.Unlock()
	// GitHub's answers are for those who say who they are.
	r.Header.Set("Authorization", "Bearer of_the_stranger")
	s.answer.ServeHTTP(w, r)
}

// cmdStranger serves another host for the rest of the script, and sets STRANGER, its root. It gives the answers of the
// sim that was served last:
//
//	stranger
func cmdStranger(ts *testscript.TestScript, neg bool, args []string) {
	shared := storyOf(ts)
	if neg || len(args) != 0 || shared.github == nil {
		ts.Fatalf("usage: sim …, then stranger")
	}
	shared.stranger = &stranger{answer: shared.github.answer}
	listening := httptest.NewServer(shared.stranger)
	ts.Defer(listening.Close)
	ts.Setenv("STRANGER", listening.URL)
}

// cmdHeard wants that the other host was sent so many requests since the last time, and that none said who asks:
//
//	heard COUNT
func cmdHeard(ts *testscript.TestScript, neg bool, args []string) {
	s := storyOf(ts).stranger
	if neg || len(args) != 1 || s == nil {
		ts.Fatalf("usage: stranger, then heard COUNT")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.heard != want || len(s.told) > 0 {
		ts.Fatalf("the other host was sent %d requests, wanted %d, and told %q", s.heard, want, s.told)
	}
	s.heard = 0
}
