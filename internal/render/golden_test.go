package render

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"kpi-gate/internal/report"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestGolden(t *testing.T) {
	t.Parallel()
	reports := map[string]*report.Report{
		"red":        redReport(),
		"green":      greenReport(),
		"unmeasured": unmeasuredReport(),
		"catalogue":  catalogueReport(),
		"policy":     policyReport(),
		"exempt":     exemptReport(),
		"unenforced": unenforcedReport(),
		"hostile":    hostileReport(hostileTexts...),
	}
	forms := map[string]Renderer{".md": Markdown, ".json": JSON, ".txt": Text, ".comment.md": Comment}
	for name, r := range reports {
		for extension, render := range forms {
			t.Run(name+extension, func(t *testing.T) {
				t.Parallel()
				var got bytes.Buffer
				if err := render(&got, r); err != nil {
					t.Fatal(err)
				}
				golden(t, name+extension, got.Bytes())
			})
		}
	}
}

// golden compares with a file of testdata/golden, or rewrites it.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; look at it with -update and git diff. Got:\n%s", path, got)
	}
}
