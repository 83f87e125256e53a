package render

import (
	"cmp"
	"fmt"
	"sort"
	"strconv"
	"strings"

	"kpi-gate/internal/report"
)

// status is how an outcome or a verdict is shown: never by a symbol or a colour alone.
type status struct {
	symbol, word string
	// rank orders benchmarks for readers: what asks for action first.
	rank int
}

var statuses = map[string]status{
	"breached":     {"❌", "breached", 0},
	"warned":       {"⚠️", "warned", 2},
	"not-measured": {"⚪", "not measured", 3},
	"too-few":      {"⚪", "too few", 4},
	"exempt":       {"➖", "exempt", 1},
	"held":         {"✅", "held", 6},
}

// statusOf is the status of a benchmark; an outcome that is not known is shown by its own name.
func statusOf(b report.Benchmark) status {
	s, ok := statuses[b.Outcome]
	switch {
	case !ok:
		return status{"⚪", plain(b.Outcome, titleLength), 3}
	case isDormant(b):
		s.word, s.rank = "not in force", 5
	}
	return s
}

// byUrgency is the benchmarks with those that ask for action first, else in the order of the report.
func byUrgency(benchmarks []report.Benchmark) []report.Benchmark {
	sorted := append([]report.Benchmark(nil), benchmarks...)
	sort.SliceStable(sorted, func(i, j int) bool {
		return statusOf(sorted[i]).rank < statusOf(sorted[j]).rank
	})
	return sorted
}

// withOutcome is the benchmarks that came to an outcome.
func withOutcome(benchmarks []report.Benchmark, outcome string) []report.Benchmark {
	var found []report.Benchmark
	for _, b := range benchmarks {
		if b.Outcome == outcome {
			found = append(found, b)
		}
	}
	return found
}

// headline says what the report comes to.
type headline struct {
	symbol string
	// verdict is one line without a full stop, meaning says in sentences what follows from it for the reader.
	verdict, meaning string
}

// headlineOf is the headline of a report.
func headlineOf(r *report.Report) headline {
	h := enforced(r)
	if r.Enforced || h.symbol != "❌" {
		return h
	}
	h.symbol = "⚠️"
	h.verdict = strings.Replace(h.verdict, "Gate red: ", "Gate red, but not enforced: ", 1)
	h.meaning = "Nothing fails for it: " + stopped(notEnforced(r)) + " " + h.meaning
	return h
}

// notEnforced says why nothing fails.
func notEnforced(r *report.Report) string {
	return cmp.Or(optionalText(r.NotEnforced), "the gate is not enforced here")
}

// pullRequestName names the pull request that the gate was asked about; without one it is "the pull request".
func pullRequestName(r *report.Report) string {
	if r.PullRequest == nil {
		return "the pull request"
	}
	return "pull request #" + strconv.Itoa(*r.PullRequest)
}

// enforced is the headline of a report that is enforced.
func enforced(r *report.Report) headline {
	t := tallyOf(r.Benchmarks)
	if t.total == 0 {
		return headline{
			"ℹ️", "No benchmark is set",
			"This report shows figures and judges none. Benchmarks in the configuration make it a gate.",
		}
	}
	switch r.Verdict {
	case "held":
		meaning := "The figures are within the limits that this project has set. There is nothing to do."
		if t.held < t.total {
			meaning = "No limit is known to be missed. What was not judged is in the table, with the reasons."
		}
		return headline{"✅", "Gate green: " + t.say(held, excused, dormant, warned, unjudged), meaning}
	case "breached":
		figures, are := "Figures", " are beyond the limits that this project has set"
		if t.breached == 1 {
			figures, are = "A figure", " is beyond the limit that this project has set"
		}
		meaning := figures + are + "."
		if r.PullRequest != nil {
			meaning = figures + " of the whole repository" + are + "; that need not be the fault of " + pullRequestName(r) + "."
		}
		return headline{
			"❌", "Gate red: " + t.say(breached, excused), meaning + " What is wrong and what to do about it is said below.",
		}
	case "warned":
		if t.excused > 0 {
			h := headline{
				"⚠️", "Gate yellow: " + t.say(breachedBut) + "; " + pullRequestName(r) + " is exempt",
				"It may merge all the same: " + excuses(r.Benchmarks) + " What is wrong is said below, so that it can be mended.",
			}
			if others := t.others(warned, unjudged); others != "" {
				h.verdict += "; " + others
			}
			return h
		}
		return headline{
			"⚠️", "Gate yellow: " + t.say(warned, unjudged),
			"Nothing fails, but look at the benchmarks that are not held. The reasons are in the table.",
		}
	default:
		counts := t.say(unjudged, excused, warned)
		return undecided(r.OnNoData, "Gate undecided: "+counts, "Gate red: "+counts)
	}
}

// undecided is the headline where limits could not be checked, as the policy on missing data has it.
func undecided(onNoData, verdict, red string) headline {
	switch onNoData {
	case "pass":
		return headline{
			"⚪", verdict,
			"Nothing could be checked, and nothing fails: on-no-data is pass. The reasons are in the table.",
		}
	case "fail":
		return headline{
			"❌", red,
			"No limit is known to be missed, but the check fails where one could not be checked: on-no-data is fail. The" +
				" reasons are in the table. What usually helps: grant the permission that is named, raise the budget or the" +
				" timeout, run again later, or measure over a longer window.",
		}
	default:
		return headline{
			"⚠️", verdict,
			"Nothing is known to be wrong, but not every limit could be checked. The reasons are in the table.",
		}
	}
}

// tally counts benchmarks by what they came to.
type tally struct {
	total, held, breached, warned, unjudged int
	// excused are exempt because of the pull request, dormant because they are not in force.
	excused, dormant int
}

func tallyOf(benchmarks []report.Benchmark) tally {
	t := tally{total: len(benchmarks)}
	for _, b := range benchmarks {
		switch b.Outcome {
		case "held":
			t.held++
		case "breached":
			t.breached++
		case "warned":
			t.warned++
		case "exempt":
			if isExcused(b) {
				t.excused++
			} else {
				t.dormant++
			}
		default:
			t.unjudged++
		}
	}
	return t
}

// count is how many benchmarks came to something, and what is said of one and of several.
type count struct {
	n         int
	one, many string
}

func held(t tally) count     { return count{t.held, "is held", "are held"} }
func breached(t tally) count { return count{t.breached, "is breached", "are breached"} }
func warned(t tally) count   { return count{t.warned, "warns", "warn"} }
func dormant(t tally) count  { return count{t.dormant, "is not in force", "are not in force"} }
func excused(t tally) count  { return count{t.excused, "is exempt", "are exempt"} }
func unjudged(t tally) count {
	return count{t.unjudged, "could not be judged", "could not be judged"}
}

// breachedBut counts the breaches of an exempt pull request.
func breachedBut(t tally) count { return count{t.excused, "is breached", "are breached"} }

// others puts some of the counts into words that follow others: "1 warns, 2 could not be judged".
func (t tally) others(counts ...func(tally) count) string {
	var parts []string
	for _, of := range counts {
		if c := of(t); c.n == 1 {
			parts = append(parts, "1 "+c.one)
		} else if c.n > 1 {
			parts = append(parts, countText(c.n)+" "+c.many)
		}
	}
	return strings.Join(parts, ", ")
}

// say puts some of the counts into words, those of none left out: "4 of 5 benchmarks are held, 1 is exempt".
func (t tally) say(counts ...func(tally) count) string {
	var parts []string
	for _, of := range counts {
		c := of(t)
		said := c.many
		if c.n == 1 {
			said = c.one
		}
		switch {
		case c.n == 0:
		case len(parts) > 0:
			parts = append(parts, countText(c.n)+" "+said)
		case c.n < t.total:
			parts = append(parts, fmt.Sprintf("%s of %s benchmarks %s", countText(c.n), countText(t.total), said))
		case t.total == 1:
			parts = append(parts, "the benchmark "+said)
		case t.unjudged == t.total:
			parts = append(parts, fmt.Sprintf("none of %s benchmarks could be judged", countText(t.total)))
		case t.total == 2:
			parts = append(parts, "both benchmarks "+said)
		default:
			parts = append(parts, fmt.Sprintf("all %s benchmarks %s", countText(t.total), said))
		}
	}
	if len(parts) == 0 {
		return plural(t.total, "benchmark")
	}
	return strings.Join(parts, ", ")
}
