package githubsim

// restLimit is the state of one primary limit (schema rate-limit).
type restLimit struct {
	Limit     int    `json:"limit"`
	Used      int    `json:"used"`
	Remaining int    `json:"remaining"`
	Reset     int64  `json:"reset"`
	Resource  string `json:"resource"`
}

// getRateLimit answers GET /rate_limit (schema rate-limit-overview). The search limit is untouched: nothing is
// searched here.
func (c *restCall) getRateLimit() (any, error) {
	show := func(resource string) restLimit {
		l := c.api.server.limit(resource)
		return restLimit{l.Limit, l.Used, l.Remaining, l.Reset.Unix(), resource}
	}
	core := show(resourceCore)
	const searchesAMinute = 30
	search := restLimit{Limit: searchesAMinute, Remaining: searchesAMinute, Reset: core.Reset, Resource: "search"}
	return map[string]any{
		"resources": map[string]restLimit{
			resourceCore:    core,
			resourceGraphQL: show(resourceGraphQL),
			"search":        search,
		},
		"rate": core,
	}, nil
}
