package github

import "sync"

// Budget is the most that a client may send; 0 is without bound.
type Budget struct {
	// Requests counts HTTP requests, repeated and redirected ones included.
	Requests int
	// Points counts what GraphQL queries cost, by GitHub's account (see Price).
	Points int
}

// spending is what a client has used of its budget. A query's price is set aside before the query is sent, so that
// queries under way at the same time do not overshoot together.
type spending struct {
	budget Budget

	mu sync.Mutex
	// used is what was sent; aside is set aside for requests that wait or are under way.
	used, aside Budget
}

// reserve sets aside one request and its price in points, which is 0 for REST. A request that may exceed the budget is
// refused with a BudgetError.
func (s *spending) reserve(asked string, price int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	requests, points := s.used.Requests+s.aside.Requests, s.used.Points+s.aside.Points
	refusal := &BudgetError{Asked: asked, Budget: s.budget, Used: Budget{Requests: requests, Points: points}}
	if s.budget.Requests > 0 && requests >= s.budget.Requests {
		return refusal
	}
	if s.budget.Points > 0 && price > 0 && points+price > s.budget.Points {
		refusal.Price = price
		return refusal
	}
	s.aside.Requests++
	s.aside.Points += price
	return nil
}

// release gives back what was set aside for a request that was not sent.
func (s *spending) release(price int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.aside.Requests--
	s.aside.Points -= price
}

// sent notes that the request for which one was set aside is on its way; its price stays set aside.
func (s *spending) sent() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.aside.Requests--
	s.used.Requests++
}

// settle replaces the price of a request that was sent by what it cost.
func (s *spending) settle(price, cost int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.aside.Points -= price
	s.used.Points += cost
}

// total is what was used so far.
func (s *spending) total() Budget {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.used
}
