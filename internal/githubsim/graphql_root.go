package githubsim

// query is the root.
type query struct{}

func (query) kind() string { return "Query" }

func (query) field(x *execution, name string, a arguments) (any, error) {
	switch name {
	case "rateLimit":
		return rateLimit{}, nil
	case "viewer":
		// GitHub shows the account of a workflow's token as a User here.
		return account{kindOf: "User", login: x.server.viewer()}, nil
	case "repository":
		owner, repo := a.text("owner"), a.text("name")
		if !x.server.isRepository(owner, repo) {
			return nil, &queryError{
				Type: "NOT_FOUND", Message: "Could not resolve to a Repository with the name '" + owner + "/" + repo + "'.",
			}
		}
		return repository{}, nil
	case "node":
		return x.node(a.text("id"))
	case "nodes":
		return x.nodes(a)
	case "search":
		return x.search(a)
	case "id":
		return nodeID("Q", 0), nil
	}
	return nil, errUnserved
}

// rateLimit tells what the query that asks costs, and what is left after it.
type rateLimit struct{}

func (rateLimit) kind() string { return "RateLimit" }

func (rateLimit) field(x *execution, name string, _ arguments) (any, error) {
	l := x.server.limit(resourceGraphQL)
	switch name {
	case "cost":
		return x.price.cost, nil
	case "nodeCount":
		return x.price.nodes, nil
	case "limit":
		return l.Limit, nil
	case "remaining":
		return l.Remaining, nil
	case "used":
		return l.Used, nil
	case "resetAt":
		return l.Reset, nil
	}
	return nil, errUnserved
}
