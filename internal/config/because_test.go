package config_test

import (
	"strings"
	"testing"
	"time"

	"kpi-gate/internal/config"
)

// A reason may be longer than a line: written over several, it is one text all the same.
func TestBecauseOverSeveralLines(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)
	of := func(because string) (config.Config, error) {
		return config.Resolve(config.Settings{Repository: "o/r"}, &config.File{
			Name: "gate.yml", Text: "benchmarks:\n  - hold: bug-age <= 5d\n    because: " + because + "    then: warn\n",
		}, at)
	}
	for because, want := range map[string]string{
		"\"promised to\\tall\"\n":                      "", // a control character
		"promised to all\n":                            "promised to all",
		">-\n      promised\n      to all\n":           "promised to all",
		"|\n      promised\n\n      to  all\n":         "promised to all",
		"|\n      " + strings.Repeat("a ", 300) + "\n": "", // too long
		"promised\n      to all\n":                     "promised to all",
		">\n      promised: to all # and more\n":       "promised: to all # and more",
		"[promised, to all]\n":                         "",
	} {
		c, err := of(because)
		switch {
		case (err == nil) != (want != ""):
			t.Errorf("%q: %v", because, err)
		case err == nil && (c.Benchmarks[0].Because != want || c.Benchmarks[0].Then != "warn"):
			t.Errorf("%q is read as %q, then %q", because, c.Benchmarks[0].Because, c.Benchmarks[0].Then)
		}
	}
}
