package render

import (
	"slices"
	"strings"

	"kpi-gate/internal/report"
)

// rowScale is the scale of a KPI's figures: one for both windows, so that they can be compared.
func rowScale(k report.KPI) scale {
	values := []*float64{k.Value}
	if k.Previous != nil {
		values = append(values, k.Previous.Value)
	}
	return scaleOf(measureOf(k.Kind, k.Unit, k.Statistic), values...).in(k.BusinessDay, k.Currency)
}

// shown tells whether a KPI has a figure to show. One that is not measured has none, whatever value came with it.
func shown(k report.KPI) bool { return k.Value != nil && k.Status != "not-measured" }

// figureText is a KPI's figure; its statistic is named where it is not the median or the value itself.
func figureText(k report.KPI) string {
	if !shown(k) {
		return "not measured"
	}
	figure := rowScale(k).text(*k.Value)
	switch k.Statistic {
	case "p50", "value", "":
		return figure
	default:
		return figure + " (" + k.Statistic + ")"
	}
}

// intervalText is the interval of a KPI's figure, empty without one. A side that is open is said in words.
func intervalText(k report.KPI) string {
	if !shown(k) || k.Interval == nil {
		return ""
	}
	return intervalOn(rowScale(k), *k.Interval)
}

// intervalOn is an interval on a scale.
func intervalOn(s scale, of report.Interval) string {
	switch low, high := of.Low, of.High; {
	case low != nil && high != nil:
		from, to := s.text(*low), s.text(*high)
		if s.measure != duration {
			// The unit is said once.
			if blank := strings.IndexByte(to, ' '); blank >= 0 {
				from = strings.TrimSuffix(from, to[blank:])
			}
		}
		return from + " to " + to
	case low != nil:
		return s.text(*low) + " or more"
	case high != nil:
		return s.text(*high) + " or less"
	default:
		return "too few for an interval"
	}
}

// p90Text is the 90th percentile of a duration; empty for other kinds and where it is not measured.
func p90Text(k report.KPI) string {
	if v := k.Statistics["p90"]; k.Kind == "duration" && shown(k) && v != nil {
		return lengthText(k, *v)
	}
	return ""
}

// withOpenText is the time within which half of all items are done, those still open included. It is empty where
// nothing is open: the median says it then.
func withOpenText(k report.KPI) string {
	const statistic = "km_p50"
	if k.Kind != "duration" || k.Running == nil || *k.Running == 0 {
		return ""
	}
	if v := k.Statistics[statistic]; v != nil {
		return lengthText(k, *v)
	}
	if v, ok := k.MoreThan[statistic]; ok {
		return "> " + lengthText(k, v)
	}
	return ""
}

// lengthText writes a length of a KPI.
func lengthText(k report.KPI, seconds float64) string {
	return scale{measure: duration}.in(k.BusinessDay, nil).text(seconds)
}

// previousText is the figure of the window before, and how the figure moved since; a dash without one.
func previousText(k report.KPI) string {
	if k.Previous == nil || k.Previous.Value == nil {
		return "–"
	}
	previous := rowScale(k).text(*k.Previous.Value)
	if !shown(k) {
		return previous
	}
	return previous + " " + change(k.Previous.Value, k.Value, k.Better, k.Previous.Significant)
}

// runningText says how many items behind a KPI have not finished; empty for none.
func runningText(k report.KPI) string {
	if k.Running == nil || *k.Running == 0 {
		return ""
	}
	return "+ " + countText(*k.Running) + " " + strings.TrimPrefix(unfinished(k.ID), "still ")
}

// bandText is the DORA band of a KPI's figure; empty without one.
func bandText(k report.KPI) string {
	if k.Band == nil || !shown(k) {
		return ""
	}
	name := "below low"
	if k.Band.Name != nil {
		name = plain(*k.Band.Name, titleLength)
	}
	return "DORA " + yearText(k.Band.Edition) + ": " + name
}

// signalText says what is unusual about the last weeks of a trend; empty where nothing is.
func signalText(k report.KPI) string {
	if k.Signal == nil {
		return ""
	}
	switch *k.Signal {
	case "high":
		return "⚠ unusually high last week"
	case "low":
		return "⚠ unusually low last week"
	case "run-high":
		return "⚠ 8 weeks above usual"
	case "run-low":
		return "⚠ 8 weeks below usual"
	default:
		return ""
	}
}

// reasonText says why a KPI was not measured, or not whole; empty for one that was.
func reasonText(k report.KPI) string {
	if k.Status == "measured" || k.Reason == nil {
		return ""
	}
	return pointing(clean(*k.Reason), k, readPlace)
}

// emptyText says in a few words why a KPI has no figure at all. What exactly there was nothing of is in report.json.
func emptyText(k report.KPI) string {
	if k.Missing {
		return reasonText(k)
	}
	return "nothing to measure"
}

// rowNotes are what must be known about a row's figures.
func rowNotes(k report.KPI) []string {
	if k.BusinessDay == nil {
		return k.Notes
	}
	return append([]string{workdayText(*k.BusinessDay)}, k.Notes...)
}

// reasoned is names that have one reason in common; an empty one is none.
type reasoned struct {
	names  []string
	reason string
}

// byReason gathers names by reasons, both in their order.
type byReason []reasoned

func (all *byReason) add(name, reason string) {
	name, reason = short(name, titleLength), strings.TrimRight(short(reason, sentenceLength), ".")
	for i := range *all {
		if (*all)[i].reason == reason {
			(*all)[i].names = append((*all)[i].names, name)
			return
		}
	}
	*all = append(*all, reasoned{[]string{name}, reason})
}

// text names all in sentences: "Support, Security – no such issue was seen. Planning."
func (all byReason) text() string {
	sentences := make([]string, len(all))
	for i, of := range all {
		sentences[i] = strings.Join(of.names, ", ")
		if of.reason != "" {
			sentences[i] += " – " + of.reason
		}
		sentences[i] += "."
	}
	return strings.Join(sentences, " ")
}

// emptyFamilies are the families in which there is nothing to see.
func emptyFamilies(r *report.Report) byReason {
	var all byReason
	for _, f := range r.Families {
		if f.Empty {
			all.add(f.Title, f.Why)
		}
	}
	return all
}

// shownFamily is a family in which there is something to see.
type shownFamily struct {
	title string
	// all are its rows, rows those in which there is something to see; the others are named in empty.
	all, rows []report.KPI
	empty     byReason
	// folded is true for one whose table may be folded away, with the leading figures in sight.
	folded  bool
	leading []string
}

// shownFamilies are the families in which there is something to see.
func shownFamilies(r *report.Report) []shownFamily {
	var all []shownFamily
	for _, f := range r.Families {
		if f.Empty {
			continue
		}
		family := shownFamily{title: f.Title, folded: f.Folded}
		for _, k := range r.KPIs {
			if k.Family != f.ID {
				continue
			}
			family.all = append(family.all, k)
			if k.Empty {
				family.empty.add(k.Title, emptyText(k))
			} else {
				family.rows = append(family.rows, k)
			}
		}
		family.leading = leadingTexts(f.Leading, family.rows)
		if len(family.all) > 0 {
			all = append(all, family)
		}
	}
	return all
}

// leadingTexts are the figures of some KPIs, each with its name and with what the table would have marked: "Backlog 3",
// "Time to resolve 2 d, in working hours". One without a figure is left out.
func leadingTexts(ids []string, rows []report.KPI) []string {
	var said []string
	for _, id := range ids {
		i := slices.IndexFunc(rows, func(k report.KPI) bool { return k.ID == id && shown(k) })
		if i < 0 {
			continue
		}
		figure := clean(rows[i].Title) + " " + figureText(rows[i])
		if rows[i].BusinessDay != nil {
			figure += ", in working hours"
		}
		if status := rows[i].Status; status != "measured" {
			figure += ", " + clean(status)
		}
		said = append(said, figure)
	}
	return said
}
