package collect

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/model"
)

func TestCodeScanningAlert(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, sent string
		want       model.Alert
	}{
		{
			"a rule about security",
			`{"number":7,"html_url":"u","created_at":"2026-01-02T00:00:00Z","updated_at":"2026-01-04T00:00:00Z",
			  "fixed_at":"2026-01-03T00:00:00Z","dismissed_at":"2026-01-04T00:00:00Z",
			  "rule":{"id":"go/sql-injection","description":"Query built from user input","severity":"error",
			  "security_severity_level":"critical"}}`,
			model.Alert{
				Number: 7, Title: "Query built from user input", URL: "u", Severity: "critical",
				Created: day(1), Updated: day(3), Fixed: day(2), Dismissed: day(3),
			},
		},
		{
			"any other rule, without a description",
			`{"number":7,"created_at":"2026-01-02T00:00:00Z","updated_at":"2026-01-02T00:00:00Z",
			  "rule":{"id":"go/unused","description":"","severity":"note","security_severity_level":null}}`,
			model.Alert{Number: 7, Title: "go/unused", Severity: "note", Created: day(1), Updated: day(1)},
		},
		{
			// updated_at is not among the fields that GitHub's description requires.
			"updated at a time that is not told",
			`{"number":7,"created_at":"2026-01-02T00:00:00Z","fixed_at":"2026-01-03T00:00:00Z","rule":{"id":null}}`,
			model.Alert{Number: 7, Created: day(1), Fixed: day(2), Updated: day(2)},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var sent codeScanningAlert
			if err := json.Unmarshal([]byte(tt.sent), &sent); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, sent.listed()); diff != "" {
				t.Errorf("alert (-want +got):\n%s", diff)
			}
		})
	}
}
