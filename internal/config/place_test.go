package config_test

import (
	"strings"
	"testing"

	"kpi-gate/internal/config"
)

func TestPlace(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		path, from          string
		want                string
		workspace, required bool
		mistake             string
	}{
		{"", "", ".github/kpi-gate.yml", false, false, ""},
		{"", "base", ".github/kpi-gate.yml", false, false, ""},
		{"", "workspace", ".github/kpi-gate.yml", true, false, ""},
		{"ci/kpi.yml", "workspace", "ci/kpi.yml", true, true, ""},
		{".github/kpi-gate.yml", "", ".github/kpi-gate.yml", false, true, ""}, // named is required
		{"./a//b.yml", "", "a/b.yml", false, true, ""},
		{"a..b/..c.yml", "", "a..b/..c.yml", false, true, ""},
		{strings.Repeat("x", 255), "", strings.Repeat("x", 255), false, true, ""},
		{strings.Repeat("x", 256), "", "", false, false, "config: the path has more than 255 bytes"},
		{"/etc/passwd", "", "", false, false, `config: "/etc/passwd" is not a path in the repository: leave the leading slash out`},
		{"../x", "", "", false, false, `it may not hold ".."`},
		{"a/../../x", "", "", false, false, `it may not hold ".."`},
		{"a/../x", "", "", false, false, `it may not hold ".."`},
		{"a/..", "", "", false, false, `it may not hold ".."`},
		{`a\..\x`, "", "", false, false, "is separated by backslashes: write slashes"},
		{"a\x00b", "", "", false, false, "has a character that no path should have"},
		{"a\nb", "", "", false, false, "has a character that no path should have"},
		{"\xff", "", "", false, false, "has a character that no path should have"},
		{".", "", "", false, false, "is not the path of a file"},
		{"ci/", "", "", false, false, "is not the path of a file"},
		{".git/config", "", "", false, false, "is not a file that commits hold"},
		{"", "none", "", false, false, ""}, // the settings alone count
		{"x.yml", "none", "", false, false, `config: "x.yml" has no place beside config-from: none`},
		{"", "bsae", "", false, false, `config-from: "bsae" is none of base, workspace, none; did you mean "base"?`},
	} {
		path, workspace, required, err := config.Place(config.Settings{Config: test.path, ConfigFrom: test.from})
		if (err != nil) != (test.mistake != "") || err != nil && !strings.Contains(err.Error(), test.mistake) {
			t.Errorf("%q from %q: error %v, want %q", test.path, test.from, err, test.mistake)
		}
		if path != test.want || workspace != test.workspace || required != test.required {
			t.Errorf("%q from %q: %q, workspace %t, required %t", test.path, test.from, path, workspace, required)
		}
	}
}
