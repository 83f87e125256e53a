package render

import (
	"fmt"
	"strings"
	"testing"

	"kpi-gate/internal/report"
)

// hugeReport has so many benchmarks and figures, each text as long as it may be and of the character that takes most
// bytes.
func hugeReport(benchmarks, families, kpisOfFamily int) *report.Report {
	long := strings.Repeat("$", sentenceLength)
	r := base("breached")
	r.Families, r.Source = nil, long
	for f := range families {
		id := fmt.Sprintf("family-%d", f)
		r.Families = append(r.Families, report.Family{ID: id, Title: long})
		for i := range kpisOfFamily {
			k := leadTime()
			k.ID, k.Family = fmt.Sprintf("%s-%d", id, i), id
			k.Title, k.Plain, k.Moves, k.Definition, k.Repair = long, long, long, long, long
			// Of their own for each row: notes that are the same are written once.
			k.Reason, k.Notes, k.BalancedBy = ptr(fmt.Sprint(i)+long), []string{fmt.Sprint(-i) + long}, []string{long}
			r.KPIs = append(r.KPIs, k)
		}
	}
	items := bugs(maxWorst)
	for i := range items {
		items[i].Title = long
	}
	for f := range families {
		r.Families = append(r.Families, report.Family{ID: fmt.Sprint("empty-", f), Title: long, Empty: true, Why: long})
	}
	for range benchmarks {
		b := benchmarkOf(bugTimeToResolve(), long, "<=", 7*day, "breached", items)
		b.Title, b.Repair, b.Reason, b.BalancedBy = long, long, &long, []string{long}
		r.Benchmarks = append(r.Benchmarks, b)
		r.Read.Gaps = append(r.Read.Gaps, report.Gap{Feed: long, Reason: long, Permission: "actions: read"})
	}
	return r
}

func TestSummaryLimit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name                       string
		benchmarks, families, kpis int
		want, not                  string
	}{
		// A KPI's row is at most 80 + 2 × 400 runes of 18 bytes, 16 kB, and its definition 80 + 200 + 4 × 400, 34 kB. A
		// benchmark's row and section are at most 2 × 80 + 200 + 4 × 400 runes, 35 kB, and its items 14 kB more.
		{"everything fits", 1, 1, 5, "<details>", "leaves out"},
		{"without definitions", 1, 2, 15, "leaves out the definitions. Everything", "<details>"},
		{"the first figures", 10, 30, 5, "the tables of figures after the first 5", "<details>"},
		{"some benchmarks", 200, 1, 1, "more benchmarks in report.json", "### All figures"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := hugeReport(test.benchmarks, test.families, test.kpis)
			got := string(markdownOf(t, r))
			if len(got) > SummaryLimit {
				t.Errorf("%d bytes", len(got))
			}
			if !strings.HasPrefix(got, "## ❌ Gate red: ") || !strings.Contains(got, test.want) ||
				strings.Contains(got, test.not) {
				t.Errorf("%d bytes; want %q, and not %q", len(got), test.want, test.not)
			}
			if !strings.Contains(got, "#### ❌ ") {
				t.Error("no breach has a section")
			}
		})
	}
}

// Every step leaves out more than the one before, says so, and the last fits whatever the report.
func TestDetails(t *testing.T) {
	t.Parallel()
	r := hugeReport(120, 8, 3)
	before := len(summary(r, details[0]))
	if left := details[0].left(); left != "" {
		t.Errorf("the whole summary leaves out %s", left)
	}
	for i, d := range details[1:] {
		written := summary(r, d)
		if len(written) >= before && d.rows < 120 {
			t.Errorf("step %d has %d bytes, the one before %d", i+1, len(written), before)
		}
		if left := d.left(); left == "" || !strings.Contains(string(written), "leaves out "+left) {
			t.Errorf("step %d does not say that it leaves out %q", i+1, left)
		}
		before = len(written)
	}
	if before > SummaryLimit/2 {
		t.Errorf("the shortest summary has %d bytes", before)
	}
}

// More breaches than have a section of their own are listed.
func TestManyBreaches(t *testing.T) {
	t.Parallel()
	r := redReport()
	for i := range 12 {
		b := r.Benchmarks[1]
		b.Text = fmt.Sprintf("bug-time-to-resolve.p50 <= %dh", i+1)
		r.Benchmarks = append(r.Benchmarks, b)
	}
	// 2 + 12 breaches: 10 sections, and 4 lines.
	got := string(markdownOf(t, r))
	if n := strings.Count(got, "#### ❌ "); n != maxBreaches {
		t.Errorf("%d sections", n)
	}
	if !strings.Contains(got, "#### 4 more breaches\n") ||
		!strings.Contains(got, "- ❌ <code>bug-time-to-resolve.p50 &#60;= 12h</code> – The median") {
		t.Error("the others are not listed")
	}
}

// TestFortyBreaches: with 40 breaches at once a summary and a comment have ten sections and list the others, and the
// annotations are no more than GitHub keeps.
func TestFortyBreaches(t *testing.T) {
	t.Parallel()
	r := policyReport()
	for i := range 38 {
		b := r.Benchmarks[1]
		b.Text = fmt.Sprintf("bug-time-to-resolve.p50 <= %dh", i+1)
		r.Benchmarks = append(r.Benchmarks, b)
	}
	for name, page := range map[string]string{"summary": string(markdownOf(t, r)), "comment": string(commentOf(t, r))} {
		if n := strings.Count(page, "\n#### ❌ "); n != maxBreaches {
			t.Errorf("%d sections in the %s", n, name)
		}
		// 40 breaches and 2 benchmarks that warn, of which 10 have a section.
		if !strings.Contains(page, "#### 30 more breaches, and 2 more benchmarks to look at\n") {
			t.Errorf("the %s does not list the others", name)
		}
		// 3 are named at the top.
		if !strings.Contains(page, "\n- … and 37 more below\n") {
			t.Errorf("the top of the %s does not say how many there are", name)
		}
		if len(page) > CommentLimit {
			t.Errorf("the %s has %d bytes", name, len(page))
		}
	}
	levels := map[string]int{}
	for _, a := range Annotations(r) {
		levels[a.Level]++
	}
	if levels["error"] != maxAnnotations || levels["warning"] > maxAnnotations || levels["notice"] != 1 {
		t.Errorf("the annotations are %v", levels)
	}
}

// TestCommentLimit: GitHub refuses a comment that is too long, whatever is in it.
func TestCommentLimit(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("$", messageLength)
	for name, change := range map[string]func(*report.Report){
		"red": func(*report.Report) {},
		"held up": func(r *report.Report) {
			r.PullRequest = ptr(12)
			globs := []string{long, long, long, long}
			r.Exemptions = report.Exemptions{
				Labels: globs, Branches: globs, Authors: globs, Paths: globs, FixingBreachedClass: true,
			}
		},
		"not enforced": func(r *report.Report) { r.Enforced, r.NotEnforced = false, &long },
		"exempt": func(r *report.Report) {
			*r = *exempted(r)
			for i := range r.Benchmarks {
				r.Benchmarks[i].Reason = ptr(fmt.Sprint(i) + long)
			}
		},
	} {
		r := hugeReport(40, 1, 1)
		for i := range r.Benchmarks {
			r.Benchmarks[i].Because, r.Benchmarks[i].Owner = &long, &long
			r.Benchmarks[i].Ramp = &report.Ramp{From: long, Until: long}
		}
		change(r)
		page := commentOf(t, r)
		if len(page) > CommentLimit {
			t.Errorf("%s: %d bytes", name, len(page))
		}
		if !strings.HasPrefix(string(page), "## ") || !strings.Contains(string(page), "### Benchmarks") {
			t.Errorf("%s: the verdict or the benchmarks are missing", name)
		}
	}
}

// TestCommentIsStable: what differs between two readings of the same facts does not change a comment.
func TestCommentIsStable(t *testing.T) {
	t.Parallel()
	first, second := policyReport(), policyReport()
	second.Read.Requests, second.Read.Seconds, second.Read.Cache = 99, 17, nil
	// A day later; what is open is a day older.
	second.Window = report.Window{Since: "2026-05-02T00:00:00Z", Until: "2026-06-01T00:00:00Z"}
	for i := range second.Benchmarks {
		for j := range second.Benchmarks[i].Worst {
			if item := &second.Benchmarks[i].Worst[j]; item.Running {
				item.Value = ptr(*item.Value + day)
			}
		}
	}
	if a, b := string(commentOf(t, first)), string(commentOf(t, second)); a != b {
		t.Errorf("the comment changes from\n%s\nto\n%s", a, b)
	}
}
