package githubsim

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The features in Options.Off.
const (
	featureDependabot   = "dependabot-alerts"
	featureCodeScanning = "code-scanning"
)

// off reports whether the repository has turned a feature off.
func (s *Server) off(feature string) bool { return slices.Contains(s.opts.Off, feature) }

// dependabotResource is what refusals of the parameters of Dependabot's alerts name.
const dependabotResource = "DependabotAlert"

// restDependabotAlert is an alert about a dependency (schema dependabot-alert, which allows no other fields).
type restDependabotAlert struct {
	Number           int               `json:"number"`
	State            string            `json:"state"`
	Dependency       restDependency    `json:"dependency"`
	Advisory         restAdvisory      `json:"security_advisory"`
	Vulnerability    restVulnerability `json:"security_vulnerability"`
	URL              string            `json:"url"`
	HTMLURL          string            `json:"html_url"`
	CreatedAt        string            `json:"created_at"`
	UpdatedAt        string            `json:"updated_at"`
	DismissedAt      *string           `json:"dismissed_at"`
	DismissedBy      *restUser         `json:"dismissed_by"`
	DismissedReason  *string           `json:"dismissed_reason"`
	DismissedComment *string           `json:"dismissed_comment"`
	FixedAt          *string           `json:"fixed_at"`
	AutoDismissedAt  *string           `json:"auto_dismissed_at"`
}

// restDependency is where a dependency is declared.
type restDependency struct {
	Package      restPackage `json:"package"`
	ManifestPath string      `json:"manifest_path"`
	Scope        *string     `json:"scope"`
}

// restPackage is a package. A world does not say of which ecosystem.
type restPackage struct {
	Ecosystem string `json:"ecosystem"`
	Name      string `json:"name"`
}

// restAdvisory is the advisory behind an alert.
type restAdvisory struct {
	GHSAID          string              `json:"ghsa_id"`
	CVEID           *string             `json:"cve_id"`
	Summary         string              `json:"summary"`
	Description     string              `json:"description"`
	Vulnerabilities []restVulnerability `json:"vulnerabilities"`
	Severity        string              `json:"severity"`
	CVSS            restCVSS            `json:"cvss"`
	CWEs            []string            `json:"cwes"`
	Identifiers     []restIdentifier    `json:"identifiers"`
	References      []string            `json:"references"`
	PublishedAt     string              `json:"published_at"`
	UpdatedAt       string              `json:"updated_at"`
	WithdrawnAt     *string             `json:"withdrawn_at"`
}

// restCVSS is a score that nobody has given yet.
type restCVSS struct {
	Score        float64 `json:"score"`
	VectorString *string `json:"vector_string"`
}

// restIdentifier names an advisory.
type restIdentifier struct {
	Type  string `json:"type"`
	Value string `json:"value"`
}

// restVulnerability says which versions of a package are affected.
type restVulnerability struct {
	Package             restPackage `json:"package"`
	Severity            string      `json:"severity"`
	VulnerableRange     string      `json:"vulnerable_version_range"`
	FirstPatchedVersion *string     `json:"first_patched_version"`
}

// restCodeScanningAlert is an alert of a code scanner (schema code-scanning-alert-items).
type restCodeScanningAlert struct {
	Number             int              `json:"number"`
	CreatedAt          string           `json:"created_at"`
	UpdatedAt          string           `json:"updated_at"`
	URL                string           `json:"url"`
	HTMLURL            string           `json:"html_url"`
	InstancesURL       string           `json:"instances_url"`
	State              string           `json:"state"`
	FixedAt            *string          `json:"fixed_at"`
	DismissedBy        *restUser        `json:"dismissed_by"`
	DismissedAt        *string          `json:"dismissed_at"`
	DismissedReason    *string          `json:"dismissed_reason"`
	Rule               restRule         `json:"rule"`
	Tool               restTool         `json:"tool"`
	MostRecentInstance restAlertContext `json:"most_recent_instance"`
}

// restRule is the rule behind an alert. Only one that is about security has a SecuritySeverityLevel.
type restRule struct {
	ID                    string  `json:"id"`
	Description           string  `json:"description"`
	Severity              *string `json:"severity"`
	SecuritySeverityLevel *string `json:"security_severity_level"`
}

// restTool is the scanner.
type restTool struct {
	Name    string  `json:"name"`
	GUID    *string `json:"guid"`
	Version *string `json:"version"`
}

// restAlertContext is where an alert was seen last.
type restAlertContext struct {
	Ref   string `json:"ref"`
	State string `json:"state"`
}

// alertUpdated is the last thing that is known to have happened to an alert.
func alertUpdated(a Alert) time.Time {
	updated := a.CreatedAt
	for _, t := range []*time.Time{a.FixedAt, a.DismissedAt} {
		if t != nil && t.After(updated) {
			updated = *t
		}
	}
	return updated
}

// sortAlerts applies the parameters sort and direction.
func sortAlerts(alerts []Alert, by, direction string) {
	slices.SortFunc(alerts, func(x, y Alert) int {
		var order int
		switch by {
		case "updated":
			order = alertUpdated(x).Compare(alertUpdated(y))
		case "created":
			order = x.CreatedAt.Compare(y.CreatedAt)
		}
		order = cmp.Or(order, cmp.Compare(x.Number, y.Number))
		if direction == "desc" {
			return -order
		}
		return order
	})
}

// listed is a parameter that holds a list, cut at its commas; nil when it is not given.
func (c *restCall) listed(resource, name string, allowed ...string) ([]string, error) {
	given := c.query.Get(name)
	if given == "" {
		return nil, nil
	}
	values := strings.Split(given, ",")
	for _, v := range values {
		if !slices.Contains(allowed, v) {
			return nil, invalid(resource, name, v)
		}
	}
	return values, nil
}

// listDependabotAlerts answers GET /dependabot/alerts. It is paged by cursor: page is not a parameter.
// https://docs.github.com/en/rest/dependabot/alerts#list-dependabot-alerts-for-a-repository
func (c *restCall) listDependabotAlerts() (any, error) {
	if c.api.server.off(featureDependabot) {
		return nil, refused(http.StatusForbidden, "Dependabot alerts are disabled for this repository.")
	}
	states, err := c.listed(dependabotResource, "state", "auto_dismissed", "dismissed", "fixed", "open")
	if err != nil {
		return nil, err
	}
	severities, err := c.listed(dependabotResource, "severity", "low", "medium", "high", "critical")
	if err != nil {
		return nil, err
	}
	sorting, err := c.oneOf(dependabotResource, "sort", "created", "updated")
	if err != nil {
		return nil, err
	}
	direction, err := c.oneOf(dependabotResource, "direction", "desc", "asc")
	if err != nil {
		return nil, err
	}
	var found []Alert
	for _, a := range c.api.world.Dependabot {
		if (states == nil || slices.Contains(states, strings.ToLower(a.State))) &&
			(severities == nil || slices.Contains(severities, severityOf(a))) {
			found = append(found, a)
		}
	}
	sortAlerts(found, sorting, direction)
	from, to, err := c.cursorPage(len(found))
	if err != nil {
		return nil, err
	}
	shown := make([]restDependabotAlert, 0, to-from)
	for _, a := range found[from:to] {
		shown = append(shown, c.showDependabotAlert(a))
	}
	return shown, nil
}

// cursorPage is the page that the parameters after and before ask for; it sets the Link header. A cursor is a place in
// the list as it is sorted.
func (c *restCall) cursorPage(total int) (from, to int, err error) {
	size := pageSize(c.query)
	after, before := c.query.Get("after"), c.query.Get("before")
	switch {
	case after != "":
		if from, err = cursorPlace(after); err != nil {
			return 0, 0, err
		}
		from = min(from, total)
		to = min(from+size, total)
	case before != "":
		if to, err = cursorPlace(before); err != nil {
			return 0, 0, err
		}
		to = min(to, total)
		from = max(to-size, 0)
	default:
		to = min(size, total)
	}
	self, err := selfURL(c.Request)
	if err != nil {
		return 0, 0, err
	}
	query := self.Query()
	query.Del("after")
	query.Del("before")
	self.RawQuery = query.Encode()
	var links []string
	if to < total {
		links = append(links, fmt.Sprintf(`<%s>; rel="next"`, withQuery(self, "after", alertCursor(to))))
	}
	if from > 0 {
		links = append(links, fmt.Sprintf(`<%s>; rel="prev"`, withQuery(self, "before", alertCursor(from))))
	}
	if len(links) > 0 {
		c.header.Set("Link", strings.Join(links, ", "))
	}
	return from, to, nil
}

const alertCursorPrefix = "alerts:"

// alertCursor is an opaque text for a place in a list.
func alertCursor(place int) string {
	return base64.URLEncoding.EncodeToString([]byte(alertCursorPrefix + strconv.Itoa(place)))
}

// cursorPlace reads what alertCursor wrote.
func cursorPlace(cursor string) (int, error) {
	text, err := base64.URLEncoding.DecodeString(cursor)
	if err != nil {
		return 0, refused(http.StatusBadRequest, "Invalid cursor")
	}
	digits, ok := strings.CutPrefix(string(text), alertCursorPrefix)
	place, err := strconv.Atoi(digits)
	if !ok || err != nil || place < 0 {
		return 0, refused(http.StatusBadRequest, "Invalid cursor")
	}
	return place, nil
}

// severityOf is an alert's severity in REST's words; medium where the world does not say, since REST needs one.
func severityOf(a Alert) string {
	switch s := strings.ToLower(a.Severity); s {
	case "moderate", "":
		return "medium"
	default:
		return s
	}
}

func (c *restCall) showDependabotAlert(a Alert) restDependabotAlert {
	dependency := restPackage{Ecosystem: "go", Name: a.PackageName}
	ghsa := cmp.Or(a.GHSAID, "GHSA-0000-0000-0000")
	affected := restVulnerability{Package: dependency, Severity: severityOf(a), VulnerableRange: ">= 0"}
	shown := restDependabotAlert{
		Number: a.Number, State: strings.ToLower(a.State),
		Dependency: restDependency{Package: dependency, ManifestPath: "go.mod"},
		Advisory: restAdvisory{
			GHSAID: ghsa, Summary: "Vulnerability in " + a.PackageName, Vulnerabilities: []restVulnerability{affected},
			Severity: severityOf(a), CWEs: []string{}, Identifiers: []restIdentifier{{Type: "GHSA", Value: ghsa}},
			References: []string{}, PublishedAt: at(a.CreatedAt), UpdatedAt: at(a.CreatedAt),
		},
		Vulnerability: affected,
		URL:           fmt.Sprintf("%s/dependabot/alerts/%d", c.root, a.Number),
		HTMLURL:       fmt.Sprintf("%s/security/dependabot/%d", c.api.index.webURL(), a.Number),
		CreatedAt:     at(a.CreatedAt), UpdatedAt: at(alertUpdated(a)), FixedAt: atOrNull(a.FixedAt),
	}
	if shown.State == "auto_dismissed" {
		shown.AutoDismissedAt = atOrNull(a.DismissedAt)
	} else {
		shown.DismissedAt = atOrNull(a.DismissedAt)
	}
	return shown
}

// listCodeScanningAlerts answers GET /code-scanning/alerts. The state "closed" is both dismissed and fixed. A public
// repository may use code scanning, whether it does or not; a private one has to be given GitHub Code Security.
// https://docs.github.com/en/rest/code-scanning/code-scanning#list-code-scanning-alerts-for-a-repository
func (c *restCall) listCodeScanningAlerts() (any, error) {
	switch off := c.api.server.off(featureCodeScanning); {
	case off && c.api.server.private():
		return nil, refused(http.StatusForbidden,
			"Code Security must be enabled for this repository to use code scanning.")
	case off:
		return nil, refused(http.StatusNotFound, "no analysis found")
	}
	state, err := c.oneOf("CodeScanningAlert", "state", "", "open", "closed", "dismissed", "fixed")
	if err != nil {
		return nil, err
	}
	severity, err := c.oneOf("CodeScanningAlert", "severity", "",
		"critical", "high", "medium", "low", "warning", "note", "error")
	if err != nil {
		return nil, err
	}
	sorting, err := c.oneOf("CodeScanningAlert", "sort", "created", "updated", "number")
	if err != nil {
		return nil, err
	}
	direction, err := c.oneOf("CodeScanningAlert", "direction", "desc", "asc")
	if err != nil {
		return nil, err
	}
	var found []Alert
	for _, a := range c.api.world.CodeScanning {
		is := strings.ToLower(a.State)
		if (state == "" || state == is || state == "closed" && is != "open") &&
			(severity == "" || severity == severityOf(a)) {
			found = append(found, a)
		}
	}
	sortAlerts(found, sorting, direction)
	return pageOfList(c, found, c.showCodeScanningAlert)
}

func (c *restCall) showCodeScanningAlert(a Alert) restCodeScanningAlert {
	self := fmt.Sprintf("%s/code-scanning/alerts/%d", c.root, a.Number)
	state := strings.ToLower(a.State)
	rule := restRule{ID: "rule", Description: "Rule of the scanner"}
	switch severity := severityOf(a); severity {
	case "note", "warning", "error":
		rule.Severity = &severity
	default:
		rule.SecuritySeverityLevel = &severity
	}
	return restCodeScanningAlert{
		Number: a.Number, CreatedAt: at(a.CreatedAt), UpdatedAt: at(alertUpdated(a)), URL: self,
		HTMLURL:      fmt.Sprintf("%s/security/code-scanning/%d", c.api.index.webURL(), a.Number),
		InstancesURL: self + "/instances", State: state, FixedAt: atOrNull(a.FixedAt),
		DismissedAt:        atOrNull(a.DismissedAt),
		Rule:               rule,
		Tool:               restTool{Name: "CodeQL"},
		MostRecentInstance: restAlertContext{Ref: "refs/heads/" + c.defaultBranch(), State: state},
	}
}
