package github

import (
	"testing"
	"time"
)

func TestLimits(t *testing.T) {
	t.Parallel()
	headers := func(resource, limit, remaining string, reset time.Duration) map[string]string {
		return map[string]string{
			"X-RateLimit-Resource": resource, "X-RateLimit-Limit": limit, "X-RateLimit-Remaining": remaining,
			"X-RateLimit-Reset": epoch(reset),
		}
	}
	rest := func(name string, remaining string, reset time.Duration) reply {
		return reply{body: `{"name":"r"}`, header: headers(name, "1000", remaining, reset)}
	}
	known := func(remaining int, reset time.Duration) Limit {
		return Limit{Known: true, Limit: 1000, Remaining: remaining, Reset: noon.Add(reset)}
	}
	tests := []struct {
		name    string
		replies []reply
		call    func(*Client) error
		want    Limits
	}{
		{"a host without limits", []reply{{body: `{"name":"r"}`}}, getRepository, Limits{}},
		{
			"the latest answer",
			[]reply{rest("core", "900", time.Hour), rest("core", "899", time.Hour)},
			getRepository,
			Limits{REST: known(899, time.Hour)},
		},
		{
			"an answer that was overtaken",
			[]reply{rest("core", "899", time.Hour), rest("core", "900", time.Hour)},
			getRepository,
			Limits{REST: known(899, time.Hour)},
		},
		{
			"a new hour",
			[]reply{rest("core", "1", time.Second), rest("core", "999", time.Hour)},
			getRepository,
			Limits{REST: known(999, time.Hour)},
		},
		{
			"an answer of the hour before",
			[]reply{rest("core", "999", time.Hour), rest("core", "1", time.Second)},
			getRepository,
			Limits{REST: known(999, time.Hour)},
		},
		{
			"another limit than REST's",
			[]reply{rest("core", "900", time.Hour), rest("search", "9", time.Minute)},
			getRepository,
			Limits{REST: known(900, time.Hour)},
		},
		{
			"a refusal", []reply{{
				status: 404, body: `{"message":"Not Found"}`, header: headers("core", "1000", "5", time.Hour),
			}}, getRepository, Limits{REST: known(5, time.Hour)},
		},
		{
			"a query",
			[]reply{{body: goodAnswer, header: headers("graphql", "1000", "990", time.Hour)}},
			query,
			Limits{GraphQL: known(990, time.Hour)},
		},
		{
			"a query without headers",
			[]reply{{body: goodAnswer}},
			query,
			Limits{GraphQL: Limit{Known: true, Remaining: 997}},
		},
		{
			"a query that tells all",
			[]reply{{body: `{"data":{"repository":{"name":"r","deployments":{"nodes":[]}},` +
				`"rateLimit":{"cost":1,"limit":1000,"remaining":7,"resetAt":"2026-03-01T13:00:00Z"}}}`}},
			nil,
			Limits{GraphQL: known(7, time.Hour)},
		},
		{"nonsense", []reply{{body: `{"name":"r"}`, header: headers("core", "-1", "many", 0)}}, getRepository, Limits{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, _ := serve(t, script(tt.replies...))
			for range tt.replies {
				if tt.call == nil {
					// The struct does not ask for all that the answer tells: the library says so, the client knows anyway.
					_ = query(c)
					continue
				}
				_ = tt.call(c)
			}
			if got := c.Limits(); got != tt.want {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
		})
	}
}
