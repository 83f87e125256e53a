package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode"
	"unicode/utf16"

	"kpi-gate/internal/report"
)

// JSON writes report.json: indented, with a newline at its end. A list is never null. A figure that is NaN or infinite
// is an error. Control characters, marks of writing direction and the start of a workflow command are written as \u
// escapes, so that the file can be shown in a terminal or a log.
func JSON(w io.Writer, r *report.Report) error {
	var encoded bytes.Buffer
	encoder := json.NewEncoder(&encoded)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(withLists(r)); err != nil {
		return fmt.Errorf("encoding the report of %s: %w", r.Repository, err)
	}
	_, err := w.Write(inertJSON(encoded.Bytes()))
	return err
}

// withLists is a copy of the report in which no list or map is nil.
func withLists(r *report.Report) *report.Report {
	c := *r
	c.KPIs = append([]report.KPI{}, r.KPIs...)
	for i := range c.KPIs {
		k := &c.KPIs[i]
		k.Trend, k.Notes, k.Items, k.Gaps = listed(k.Trend), listed(k.Notes), listed(k.Items), listed(k.Gaps)
		if k.Statistics == nil {
			k.Statistics = map[string]*float64{}
		}
		if k.MoreThan == nil {
			k.MoreThan = map[string]float64{}
		}
	}
	c.Benchmarks = append([]report.Benchmark{}, r.Benchmarks...)
	for i := range c.Benchmarks {
		c.Benchmarks[i].Items = listed(c.Benchmarks[i].Items)
	}
	c.Read.Gaps = listed(r.Read.Gaps)
	for _, globs := range []*[]string{
		&c.Exemptions.Labels, &c.Exemptions.Branches, &c.Exemptions.Authors, &c.Exemptions.Paths,
	} {
		*globs = listed(*globs)
	}
	c.Published, c.Warnings = listed(r.Published), listed(r.Warnings)
	return &c
}

func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// inertJSON escapes what a terminal or a runner would act on. All of it can only stand inside a string, where \u means
// the same. The runner reads ##[command] anywhere in a line (TryParse in
// https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs).
func inertJSON(encoded []byte) []byte {
	encoded = bytes.ReplaceAll(encoded, []byte("##["), []byte(`#\u0023[`))
	var b bytes.Buffer
	for _, c := range string(encoded) {
		switch {
		case c == '\n' || !unicode.In(c, unicode.Cc, unicode.Cf):
			b.WriteRune(c)
		case c > 0xffff:
			high, low := utf16.EncodeRune(c)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, c)
		}
	}
	return b.Bytes()
}
