package main

import "strings"

// marked is text of docs/kpis.md in which single quotes stand for the marks of code, so that it can be a raw string.
func marked(text string) string { return strings.ReplaceAll(text, "'", "`") }

// classesText comes before the KPIs that every issue class has.
const classesText = `
## Issue classes

Every class of issues has the figures below, named as the class: 'incident-time-to-resolve', 'support-backlog' and so
on. The classes are 'bug', 'incident', 'support', 'security' and those of the setting 'classes'. Here they are for
'bug'. An incident that was closed as not planned or duplicate counts in 'incident-reported' and 'incident-reopen-rate'
only.
`

// statisticsText says how figures are drawn.
const statisticsText = `
## Statistics

| statistic | of | is |
|---|---|---|
| 'value' | shares, rates, levels | k of n; events per day; one number at the end of the window |
| 'p50' 'p75' 'p90' 'p95' | durations, amounts | the percentile: with linear interpolation at (n − 1) · q (Hyndman–Fan type 7), as numpy, PERCENTILE.INC of a spreadsheet and percentile_cont of PostgreSQL have it |
| 'mean' 'max' | durations, amounts | the average, the largest |
| 'within(D)' | durations | the share done within D. What is still running and has taken longer than D already counts against it |
| 'km_p50' 'km_p90' | durations | when half, or nine tenths, of all items are done, those still running included |

**Kaplan–Meier.** A median of what was finished says nothing about what still waits. 'km_p50' and 'km_p90' are drawn
from both: from the items that finished in the window, and those still running at its end, each counted for as long as
it is known to have taken ([Kaplan and Meier 1958](https://doi.org/10.1080/01621459.1958.10501452)). Where too much is
still running, the quantile is not reached: all that is known is that it is more than the largest age seen. Old open
items enter whole, which errs to the careful side.

**Intervals.** The 95 % interval says within which bounds chance alone could put the figure: for a percentile by order
statistics and the binomial distribution, for a share and 'within(D)' the Wilson score, for a rate the exact Poisson
interval. Few items make it wide, or open on one side. 'mean', 'max', 'km_p50', 'km_p90' and levels have none.

**The window before.** A change is called better or worse where chance alone would make one as large in fewer than 5 of
100 cases: by the test of Mann and Whitney for durations and amounts, of two proportions for shares, of two Poisson
rates for rates.

**Unusual weeks.** The trend is 12 windows of 7 days. An XmR chart takes the mean of the weeks before the last, and 2.66
times the mean step from one to the next on both sides of it: a last week outside is unusually high or low. Eight weeks
in a row on one side of the mean are unusual too. At least six weeks with a figure must come before the last. Where
fewer than half of them differ from the week before, as with rare events, no limits are drawn: they would be too tight
to mean anything.

**Working hours.** With the setting 'business-time' the lengths of the KPIs that it names count working hours only, in
a time zone, without holidays. A day, 'd', is then a working day, and a week, 'w', a working week, in the figures and in
the limits and 'within(D)' of their benchmarks.

**No data is not zero.** A share of nothing, a percentile of nothing and a growth from zero are not measured, and the
report says why. A count or a rate may be 0 where everything that it needs was read. A length that comes out negative,
because clocks disagree or a date was set by hand, counts as 0, and how many there were is noted.

### DORA bands

Beside the metrics of DORA stands the group that the figure falls into in that year of its report. It is a picture of
the industry, not a goal, and never a benchmark by itself; the report of 2025 has no such groups any more. The change
failure rates of 2024 go up and down from group to group, so those of 2023 stand in for them. A figure worse than the
last group is below low; a figure in working hours, of some items only, or drawn from a part of the facts has no
group. 'deployment-rework-rate' has none in any edition.
`
