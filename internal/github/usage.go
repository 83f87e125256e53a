package github

import "time"

// Usage is what a client has sent so far.
type Usage struct {
	// Requests counts HTTP requests, retries included.
	Requests int
	// Points sums data.rateLimit.cost over the GraphQL answers, and the Price of queries whose answer does not hold it.
	Points int
	// Bytes counts the bodies of the answers, decompressed.
	Bytes int64
	// Retries counts the requests that were sent again.
	Retries int
	// Waited is how long requests were held back: before a retry, for a rate limit, to keep the pace. Requests that are
	// held back at the same time count once.
	Waited time.Duration
}

// Since is what was used since an earlier count.
func (u Usage) Since(before Usage) Usage {
	return Usage{
		Requests: u.Requests - before.Requests, Points: u.Points - before.Points, Bytes: u.Bytes - before.Bytes,
		Retries: u.Retries - before.Retries, Waited: u.Waited - before.Waited,
	}
}

// And is what was used in all.
func (u Usage) And(more Usage) Usage {
	return Usage{
		Requests: u.Requests + more.Requests, Points: u.Points + more.Points, Bytes: u.Bytes + more.Bytes,
		Retries: u.Retries + more.Retries, Waited: u.Waited + more.Waited,
	}
}

// Usage is what the client has sent so far.
func (c *Client) Usage() Usage {
	t := c.transport
	used := t.spending.total()
	return Usage{
		Requests: used.Requests, Points: used.Points, Bytes: t.bytes.Load(),
		Retries: int(t.retries.Load()), Waited: t.waits.sum(),
	}
}
