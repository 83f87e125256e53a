package render

import (
	"strings"

	"kpi-gate/internal/report"
)

// Annotation is a message that GitHub shows beside a check. Title and Message are one line of plain text each; whoever
// writes the workflow command escapes them for it.
type Annotation struct {
	// Level is error, warning or notice.
	Level   string
	Title   string
	Message string
}

// maxAnnotations is how many annotations of one level GitHub keeps of a step
// (https://github.com/actions/toolkit/blob/main/docs/problem-matchers.md#limitations).
const maxAnnotations = 10

// messageLength is the length in runes to which a message is cut. The runner cuts at 4,096 characters itself.
const messageLength = 1000

// Annotations are an error for each benchmark that fails the run, and a warning for each that is breached or warns
// without failing it. For one that could not be judged it is what the policy on missing data makes of it: an error, a
// warning or nothing. A notice says why nothing fails although benchmarks are breached, or how a pull request that is
// held up may merge; where there would be no annotation at all, it says what the benchmarks came to. There are at most
// 10 of a level; where more are due, the last says how many.
func Annotations(r *report.Report) []Annotation {
	x := indexOf(r)
	failing := "warning"
	if r.Enforced {
		failing = "error"
	}
	var errors, warnings, unjudged, notices []Annotation
	excused := false
	for _, b := range byUrgency(r.Benchmarks) {
		switch b.Outcome {
		case "breached":
			errors = append(errors, Annotation{failing, about(b, " breached"), x.message(b)})
		case "warned":
			warnings = append(warnings, Annotation{"warning", about(b, " warned"), x.message(b)})
		case "exempt":
			excused = excused || isExcused(b)
		case "held":
		default:
			unjudged = append(unjudged, Annotation{"warning", about(b, " not judged"), reasonMessage(b)})
		}
	}
	beyond := "are breached"
	switch r.OnNoData {
	case "pass":
	case "fail":
		for _, a := range unjudged {
			a.Level = failing
			errors = append(errors, a)
		}
		beyond = "are breached, or could not be judged"
	default:
		warnings = append(warnings, unjudged...)
	}
	others := "are not held, or could not be judged"
	if !r.Enforced {
		errors, warnings, beyond = nil, append(errors, warnings...), others
	}
	all := append(atMost(errors, beyond), atMost(warnings, others)...)
	if advice := exemptionAdvice(r); advice != "" {
		title := strings.TrimSuffix(exemptionTitle, ":")
		notices = append(notices, Annotation{"notice", title, plain(capitalized(advice), messageLength)})
	}
	if h := headlineOf(r); excused || len(all) > 0 && !r.Enforced || len(all) == 0 && len(r.Benchmarks) > 0 {
		notices = append(notices, Annotation{
			"notice", plain(h.verdict, sentenceLength), plain(h.meaning, messageLength),
		})
	}
	return append(all, notices...)
}

func about(b report.Benchmark, outcome string) string {
	return plain(b.Text, benchmarkLength) + outcome
}

// message says what is wrong in numbers, what to do, and where to begin.
func (x index) message(b report.Benchmark) string {
	sentence := x.sentence(b)
	if title := x.title(b.KPI, b.Title); !strings.HasPrefix(sentence, title) {
		sentence = title + ": " + sentence
	}
	parts := []string{sentence}
	if text := advice(b); text != "" && (b.Value != nil || b.MoreThan != nil) {
		parts = append(parts, stopped(text))
	} else if b.Repair != "" {
		parts = append(parts, stopped(clean(b.Repair)))
	}
	for _, said := range x.remarks(b) {
		if said.label == whyLabel || said.label == ownerLabel {
			parts = append(parts, said.label+" "+stopped(said.text))
		}
	}
	message := plain(strings.Join(parts, " "), messageLength)
	if len(b.Worst) == 0 {
		return message
	}
	begin := plain(itemName(b.Worst[0]), titleLength)
	if value := x.itemValue(b, b.Worst[0]); value != "" {
		begin += " (" + value + ")"
	}
	// Not made plain: an address has no character that could do harm, and must stay whole.
	return strings.TrimSpace(message + " Begin with " + begin + " " + x.address(b.Worst[0].URL))
}

func reasonMessage(b report.Benchmark) string {
	reason := optionalText(b.Reason)
	if reason == "" {
		return "The benchmark could not be judged."
	}
	return plain(capitalized(stopped(reason)), messageLength)
}

// atMost is the annotations of one level as far as GitHub keeps them.
func atMost(all []Annotation, what string) []Annotation {
	if len(all) <= maxAnnotations {
		return all
	}
	more := countText(len(all)-maxAnnotations+1) + " more benchmarks " + what
	return append(all[:maxAnnotations-1:maxAnnotations-1], Annotation{
		all[0].Level, "And " + more, more + ". The job summary and report.json list them all.",
	})
}
