package publish

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kpi-gate/internal/render"
	"kpi-gate/internal/report"
)

// text is what a comment, an issue and a check run say.
func (p *publisher) text() (string, error) {
	var b strings.Builder
	if err := render.Comment(&b, p.report); err != nil {
		return "", fmt.Errorf("writing the text: %w", err)
	}
	b.WriteString("\n")
	if err := render.Origin(&b, p.to.Gate, p.to.Page); err != nil {
		return "", fmt.Errorf("writing the text: %w", err)
	}
	return b.String(), nil
}

// worthSaying reports whether there is anything but that every benchmark is held.
func (p *publisher) worthSaying() bool {
	return slices.ContainsFunc(p.report.Benchmarks, func(b report.Benchmark) bool { return b.Outcome != "held" })
}

// maxItems is how many of a benchmark's items, the worst first, count for what is said of it.
const maxItems = 10

// said is what readers would act upon, and so what makes a text another one. The window, which moves with every run, is
// not in it, nor are the reasons that count or measure what the figures tell anyway.
type said struct {
	Headline    string
	Verdict     string
	NotEnforced *string
	Benchmarks  []saidOfBenchmark
}

// saidOfBenchmark is what is said of one benchmark. Figures count by two digits: a smaller move is not worth telling.
type saidOfBenchmark struct {
	Text, Outcome, Then string
	Would, Exempt       *string
	Because, Owner      *string
	Value, Limit        string
	Items               []string
}

// digestOfSaid is that of what a report says.
func digestOfSaid(r *report.Report) (string, error) {
	s := said{Headline: render.Headline(r), Verdict: r.Verdict, NotEnforced: r.NotEnforced}
	for _, b := range r.Benchmarks {
		of := saidOfBenchmark{
			Text: b.Text, Outcome: b.Outcome, Then: b.Then, Would: b.Would, Because: b.Because, Owner: b.Owner,
			Value: roughly(b.Value), Limit: roughly(b.Limit),
			Items: slices.Sorted(slices.Values(b.Items[:min(len(b.Items), maxItems)])),
		}
		if b.Would != nil {
			of.Exempt = b.Reason
		}
		s.Benchmarks = append(s.Benchmarks, of)
	}
	encoded, err := json.Marshal(s)
	if err != nil {
		return "", fmt.Errorf("comparing with what was said before: %w", err)
	}
	return digest(string(encoded)), nil
}

// roughly is a figure to two digits; empty where there is none.
func roughly(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'g', 2, 64)
}
