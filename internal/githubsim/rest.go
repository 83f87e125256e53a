package githubsim

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"
)

// restAPI answers GitHub's REST requests about the world's repository. Its answers satisfy GitHub's OpenAPI
// description; fields that the world does not know are null or absent where the description allows it, and else
// derived from what the world knows.
type restAPI struct {
	server *Server
	world  *World
	index  *index

	// The lists in the order in which GitHub gives them. They are sorted when first asked for.
	runs        func() []*WorkflowRun
	workflows   func() []Workflow
	deployments func() []*Deployment
	releases    func() []*Release
	items       func() []*restItem

	openHeads       func() map[string][]*Pull
	milestoneCounts func() map[string]itemCount
}

// restCall is one request and what its path names.
type restCall struct {
	*http.Request
	api    *restAPI
	query  url.Values
	header http.Header
	// base is the root of the API, and root the address of the repository below it, as the caller addresses them.
	base, root string
}

// restRoute is one operation.
type restRoute struct {
	path string
	// permission is the one that a token needs, by its name in a workflow; empty: none.
	permission string
	answer     func(*restCall) (any, error)
}

// restRoutes are the operations that read, all of them GET. A branch, a ref and a path may contain slashes.
var restRoutes = []restRoute{
	{"/actions/runs", "actions", (*restCall).listRuns},
	{"/actions/runs/{run}", "actions", (*restCall).getRun},
	{"/actions/runs/{run}/jobs", "actions", (*restCall).listJobs},
	{"/actions/workflows", "actions", (*restCall).listWorkflows},
	{"/actions/workflows/{workflow}", "actions", (*restCall).getWorkflow},
	{"/actions/workflows/{workflow}/runs", "actions", (*restCall).listRuns},
	{"/branches", "contents", (*restCall).listBranches},
	{"/branches/{branch...}", "contents", (*restCall).getBranch},
	{"/code-scanning/alerts", "security-events", (*restCall).listCodeScanningAlerts},
	{"/commits", "contents", (*restCall).listCommits},
	{"/commits/{ref...}", "contents", (*restCall).getCommit},
	{"/contents", "contents", (*restCall).getContents},
	{"/contents/{path...}", "contents", (*restCall).getContents},
	{"/dependabot/alerts", "vulnerability-alerts", (*restCall).listDependabotAlerts},
	{"/deployments", "deployments", (*restCall).listDeployments},
	{"/deployments/{deployment}", "deployments", (*restCall).getDeployment},
	{"/deployments/{deployment}/statuses", "deployments", (*restCall).listDeploymentStatuses},
	{"/issues", "issues", (*restCall).listIssues},
	{"/issues/{number}", "issues", (*restCall).getIssue},
	{"/issues/{number}/comments", "issues", (*restCall).listComments},
	{"/pulls", "pull-requests", (*restCall).listPulls},
	{"/pulls/{number}", "pull-requests", (*restCall).getPull},
	{"/pulls/{number}/files", "pull-requests", (*restCall).listPullFiles},
	{"/releases", "contents", (*restCall).listReleases},
	{"/tags", "contents", (*restCall).listTags},
}

// acceptedPermissions are the values of X-Accepted-GitHub-Permissions, by the permission's name in a workflow.
// https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps
var acceptedPermissions = map[string]string{
	"actions":              "actions=read",
	"contents":             "contents=read",
	"deployments":          "deployments=read",
	"issues":               "issues=read",
	"pull-requests":        "pull_requests=read",
	"security-events":      "security_events=read",
	"vulnerability-alerts": "vulnerability_alerts=read",
}

// newREST prepares the lists of one state.
func newREST(s *Server, w *World, ix *index) *restAPI {
	api := &restAPI{server: s, world: w, index: ix}
	api.runs = sync.OnceValue(api.sortRuns)
	api.workflows = sync.OnceValue(api.knownWorkflows)
	api.deployments = sync.OnceValue(api.sortDeployments)
	api.releases = sync.OnceValue(api.sortReleases)
	api.items = ix.items
	api.openHeads = sync.OnceValue(api.openPullsByHead)
	api.milestoneCounts = sync.OnceValue(api.countMilestones)
	return api
}

// routeREST is the handler of everything that is not GraphQL. Each request is answered from the state that it finds.
func routeREST(s *Server) http.Handler {
	mux := http.NewServeMux()
	handle := func(method, path string, status int, permission string, answer func(*restCall) (any, error)) {
		mux.HandleFunc(method+" "+path, func(w http.ResponseWriter, r *http.Request) {
			s.served.Load().rest.serve(w, r, status, permission, answer)
		})
	}
	const repository = "/repos/{owner}/{repo}"
	handle(http.MethodGet, "/rate_limit", http.StatusOK, "", (*restCall).getRateLimit)
	handle(http.MethodGet, repository, http.StatusOK, "", (*restCall).getRepository)
	for _, route := range restRoutes {
		handle(http.MethodGet, repository+route.path, http.StatusOK, route.permission, route.answer)
	}
	for _, route := range writeRoutes {
		handle(route.method, repository+route.path, route.status, "", s.writer(route.answer))
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := mux.Handler(r); pattern == "" {
			writeNotFound(w)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// serve answers one request.
func (a *restAPI) serve(
	w http.ResponseWriter, r *http.Request, status int, permission string, answer func(*restCall) (any, error),
) {
	body, err := a.answer(w.Header(), r, permission, answer)
	var refusal *restError
	switch {
	case errors.As(err, &refusal):
		refusal.write(w)
	case err != nil:
		writeError(w, http.StatusInternalServerError, err.Error(), "https://docs.github.com/rest")
	case status == http.StatusNoContent:
		w.WriteHeader(status)
	default:
		writeBody(w, status, body)
	}
}

// answer is the JSON of one answer, or a *restError.
func (a *restAPI) answer(
	header http.Header, r *http.Request, permission string, answer func(*restCall) (any, error),
) ([]byte, error) {
	if owner := r.PathValue("owner"); owner != "" && !a.server.isRepository(owner, r.PathValue("repo")) {
		return nil, notFound()
	}
	if permission != "" && a.server.denied(permission) {
		return nil, &restError{
			status: http.StatusForbidden, permission: acceptedPermissions[permission],
			message: "Resource not accessible by integration",
		}
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, refused(http.StatusBadRequest, "Problems parsing the query string")
	}
	c := &restCall{Request: r, api: a, query: query, header: header, base: baseURL(r)}
	c.root = c.base + "/repos/" + url.PathEscape(a.world.Repo.Owner) + "/" + url.PathEscape(a.world.Repo.Name)
	v, err := answer(c)
	if err != nil {
		return nil, err
	}
	if raw, ok := v.(json.RawMessage); ok {
		return raw, nil
	}
	return json.Marshal(v)
}

// page is the page of a list that the request asks for; it sets the Link header.
func (c *restCall) page(total int) (from, to int, err error) {
	p := pageOf(c.query, total)
	self, err := selfURL(c.Request)
	if err != nil {
		return 0, 0, err
	}
	if link := p.link(self); link != "" {
		c.header.Set("Link", link)
	}
	from, to = p.bounds()
	return from, to, nil
}

// pageOfList is the page of list that the request asks for, each item as show gives it.
func pageOfList[T, J any](c *restCall, list []T, show func(T) J) ([]J, error) {
	from, to, err := c.page(len(list))
	if err != nil {
		return nil, err
	}
	shown := make([]J, 0, to-from)
	for _, item := range list[from:to] {
		shown = append(shown, show(item))
	}
	return shown, nil
}

// oneOf is a parameter that takes certain values only; the first of them is its default.
func (c *restCall) oneOf(resource, name string, values ...string) (string, error) {
	given := c.query.Get(name)
	if given == "" {
		return values[0], nil
	}
	for _, v := range values {
		if given == v {
			return v, nil
		}
	}
	return "", invalid(resource, name, given)
}

// instant is a parameter that holds a timestamp; zero when it is not given.
func (c *restCall) instant(resource, name string) (time.Time, error) {
	given := c.query.Get(name)
	if given == "" {
		return time.Time{}, nil
	}
	moment, err := parseMoment(given)
	if err != nil {
		return time.Time{}, invalid(resource, name, given)
	}
	return moment.from, nil
}

// id is a number in the path; one that is none names nothing.
func (c *restCall) id(name string) (int64, error) {
	id, err := strconv.ParseInt(c.PathValue(name), 10, 64)
	if err != nil {
		return 0, notFound()
	}
	return id, nil
}

// at writes an instant as GitHub does: UTC, to the second.
func at(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// atOrNull is null for an instant that is not known.
func atOrNull(t *time.Time) *string {
	if t == nil {
		return nil
	}
	s := at(*t)
	return &s
}
