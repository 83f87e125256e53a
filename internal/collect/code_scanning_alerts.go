package collect

import (
	"cmp"
	"context"

	gogithub "github.com/google/go-github/v60/github"

	"kpi-gate/internal/model"
)

// codeScanningAlertList is the list of code scanning's alerts
// (https://docs.github.com/en/rest/code-scanning/code-scanning#list-code-scanning-alerts-for-a-repository), which are
// those of the default branch where no ref is named.
//
// A repository that no scanner ever reported on is answered 404. A private repository needs GitHub Code Security, once
// called Advanced Security, without which it is answered 403
// (https://docs.github.com/en/code-security/code-scanning/introduction-to-code-scanning/about-code-scanning).
var codeScanningAlertList = alertList{
	feed:       model.CodeScanningAlerts,
	name:       "code scanning alerts",
	path:       "code-scanning/alerts",
	permission: "security-events: read",
	absences: []absence{
		{"no analysis found", "set up code scanning in the repository's settings, under Advanced Security"},
		{"must be enabled for", "turn it on in the repository's settings, under Advanced Security"},
		{"not enabled for", "turn it on in the repository's settings, under Advanced Security"},
		{"archived", "they come back when the repository is unarchived"},
	},
	page: alertPage[codeScanningAlert],
}

// codeScanning reads the alerts of code scanning.
func (r *reading) codeScanning(ctx context.Context) ([]model.Alert, error) {
	return readAlerts(ctx, r, codeScanningAlertList, func(s *model.Snapshot) []model.Alert { return s.CodeScanning })
}

// codeScanningAlert is what is kept of an alert of code scanning.
type codeScanningAlert struct {
	Number      int                 `json:"number"`
	HTMLURL     string              `json:"html_url"`
	CreatedAt   *gogithub.Timestamp `json:"created_at"`
	UpdatedAt   *gogithub.Timestamp `json:"updated_at"`
	FixedAt     *gogithub.Timestamp `json:"fixed_at"`
	DismissedAt *gogithub.Timestamp `json:"dismissed_at"`
	Rule        struct {
		ID          string `json:"id"`
		Description string `json:"description"`
		// Severity is none, note, warning or error. SecuritySeverityLevel is null for a rule that is not about security.
		Severity              string `json:"severity"`
		SecuritySeverityLevel string `json:"security_severity_level"`
	} `json:"rule"`
}

// listed is the alert as a Snapshot holds it.
func (c codeScanningAlert) listed() model.Alert {
	return asListed(model.Alert{
		Number:    c.Number,
		Title:     cmp.Or(c.Rule.Description, c.Rule.ID),
		URL:       c.HTMLURL,
		Severity:  cmp.Or(c.Rule.SecuritySeverityLevel, c.Rule.Severity),
		Created:   stamp(c.CreatedAt),
		Fixed:     stamp(c.FixedAt),
		Dismissed: stamp(c.DismissedAt),
	}, c.UpdatedAt)
}
