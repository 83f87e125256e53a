// Package report is the view model: what a report says, in the order and the words in which it is said. Its JSON form
// is a contract (schema 1): durations are seconds, shares 0 to 1, rates per day, times RFC 3339 in UTC, and what is not
// known is null, never 0.
package report

import "kpi-gate/internal/gate"

// Schema is the version of the JSON form. It changes only when a reader of the older form would break.
const Schema = 1

// Report is one run's report on one repository.
type Report struct {
	Schema     int    `json:"schema"`
	Repository string `json:"repository"`
	Window     Window `json:"window"`
	Previous   Window `json:"previous"`
	Verdict    string `json:"verdict"`
	// OnNoData is what a benchmark that could not be judged does to the verdict: pass, warn or fail.
	OnNoData string `json:"on_no_data"`
	// Evidence is what a breach takes: point or interval.
	Evidence string `json:"evidence"`
	// Enforced is false where a breach does not fail the run; NotEnforced then says why.
	Enforced    bool    `json:"enforced"`
	NotEnforced *string `json:"not_enforced"`
	// PullRequest is the number of the pull request that the gate was asked about; null for none.
	PullRequest *int `json:"pull_request"`
	// Exemptions are the rules by which a pull request may merge although benchmarks are breached.
	Exemptions Exemptions  `json:"exemptions"`
	Config     Config      `json:"config"`
	KPIs       []KPI       `json:"kpis"`
	Benchmarks []Benchmark `json:"benchmarks"`
	Read       Read        `json:"read"`
	// Published says what was told elsewhere than in the run itself.
	Published []Published `json:"published"`
	// Warnings are what whoever keeps the configuration must know, in whole sentences.
	Warnings []string `json:"warnings"`

	// RepositoryURL is the repository's page, for links.
	RepositoryURL string `json:"-"`
	// Source is the deployment source in one phrase for readers, such as "tags (v*), found automatically".
	Source string `json:"-"`
	// Families are the families that the KPIs belong to, in order.
	Families []Family `json:"-"`
}

// Fails reports whether the report fails the run that it was made in.
func (r *Report) Fails() bool {
	return r.Enforced && (r.Verdict == gate.OverallBreached ||
		r.Verdict == gate.OverallNotMeasured && r.OnNoData == string(gate.NoDataFails))
}

// Family is a heading of the report.
type Family struct {
	ID, Title string
	// Empty is true where there is nothing to see in the whole family: no benchmark, nothing counted, in no window. Why
	// says why, without a full stop; it is empty where the figures have no reason in common.
	Empty bool
	Why   string
	// Folded is true where the figures may be folded away: none is judged or unusual, and the family is not one of those
	// that are always in sight. Leading are then the IDs of the KPIs that stand for it, the most telling first.
	Folded  bool
	Leading []string
}

// Window is a half-open interval of time, RFC 3339 in UTC.
type Window struct {
	Since string `json:"since"`
	Until string `json:"until"`
}

// Config says where the configuration came from; null where there was no file. Ref and Commit are null for a file that
// was read from disk.
type Config struct {
	Ref    *string `json:"ref"`
	Commit *string `json:"commit"`
	Path   *string `json:"path"`
}

// Exemptions are the rules by which a pull request may merge although benchmarks are breached: globs, as the
// configuration has them, and whether one that repairs what is breached may merge.
type Exemptions struct {
	Labels              []string `json:"labels"`
	Branches            []string `json:"branches"`
	Authors             []string `json:"authors"`
	Paths               []string `json:"paths"`
	FixingBreachedClass bool     `json:"fixing_breached_class"`
}

// Published is one thing that was told elsewhere than in the run itself.
type Published struct {
	// To is comment, check-run, status or issue.
	To string `json:"to"`
	// State is created, updated, unchanged, not-needed or failed.
	State string `json:"state"`
	// URL is where it can be seen; null where there is no such place.
	URL *string `json:"url"`
	// Reason says why it failed, or was not needed, and what to change; null otherwise.
	Reason *string `json:"reason"`
}

// KPI is one row of figures.
type KPI struct {
	ID     string `json:"id"`
	Family string `json:"family"`
	// Filter says which items count, such as "label=sev1"; null for all.
	Filter *string `json:"filter"`
	Kind   string  `json:"kind"`
	Unit   string  `json:"unit"`
	// Currency is that of an amount of money, by its ISO 4217 code; null for any other unit.
	Currency *string `json:"currency"`
	Better   string  `json:"better"`
	// BusinessDay is how many seconds of working time a day has, where the figure counts working hours; null elsewhere.
	BusinessDay *float64 `json:"business_day"`
	Status      string   `json:"status"`
	Reason      *string  `json:"reason"`
	// Gaps are those of the feeds in Read.Gaps that the figure is drawn from.
	Gaps   []string `json:"gaps"`
	Source *string  `json:"source"`
	// N is null for a level.
	N       *int `json:"n"`
	Running *int `json:"running"`
	Hits    *int `json:"hits"`
	Events  *int `json:"events"`
	// Value is the figure: the default statistic.
	Value      *float64            `json:"value"`
	Statistic  string              `json:"statistic"`
	Statistics map[string]*float64 `json:"statistics"`
	// MoreThan has the statistics that are not known, but known to be larger than this.
	MoreThan map[string]float64 `json:"more_than"`
	// Interval is that of the default statistic; null where it has none.
	Interval *Interval `json:"interval"`
	Previous *Previous `json:"previous"`
	Trend    []Point   `json:"trend"`
	// Signal is what is unusual about the trend's last weeks: high, low, run-high or run-low.
	Signal *string  `json:"signal"`
	Band   *Band    `json:"band"`
	Notes  []string `json:"notes"`
	Items  []Item   `json:"items"`

	// Title, Definition (the reference text), Plain, Moves and Repair are the words for readers.
	Title      string `json:"-"`
	Definition string `json:"-"`
	Plain      string `json:"-"`
	Moves      string `json:"-"`
	Repair     string `json:"-"`
	// BalancedBy are the IDs of the KPIs to look at together with this one.
	BalancedBy []string `json:"-"`
	// Missing is true where facts could not be had, or the KPI has no meaning here; where it is false, a figure that is
	// not there has nothing to measure.
	Missing bool `json:"-"`
	// Empty is true where there is nothing to see: no benchmark, and no figure in any window.
	Empty bool `json:"-"`
}

// Band is where a figure stands among the groups of a DORA report.
type Band struct {
	// Edition is the report's year.
	Edition int `json:"edition"`
	// Name is elite, high, medium or low; null where the figure is worse than the lowest group's.
	Name *string `json:"name"`
}

// Interval is a 95 % interval; an open side is null.
type Interval struct {
	Low  *float64 `json:"low"`
	High *float64 `json:"high"`
}

// Previous is the figure over the window before.
type Previous struct {
	N     *int     `json:"n"`
	Value *float64 `json:"value"`
	// Significant is true when the change is more than noise; null when that cannot be told.
	Significant *bool `json:"significant"`
}

// Point is one week of the trend.
type Point struct {
	Since string   `json:"since"`
	N     *int     `json:"n"`
	Value *float64 `json:"value"`
}

// Item is one fact behind a figure. Which of Number, ID, SHA and Name is there follows from Kind.
type Item struct {
	Kind    string   `json:"kind"`
	Number  *int     `json:"number,omitempty"`
	ID      *int64   `json:"id,omitempty"`
	SHA     *string  `json:"sha,omitempty"`
	Name    *string  `json:"name,omitempty"`
	URL     string   `json:"url"`
	Value   *float64 `json:"value"`
	Running bool     `json:"running"`

	// Title is text from the repository: whoever shows it escapes it.
	Title string `json:"-"`
}

// Benchmark is one judged benchmark.
type Benchmark struct {
	Text string `json:"text"`
	KPI  string `json:"kpi"`
	// Filter is that of the KPI's row that was judged.
	Filter    *string `json:"filter"`
	Statistic string  `json:"statistic"`
	// Limit is what the figure was held against; null where it follows from the window before, and that has no figure.
	Limit *float64 `json:"limit"`
	// LimitFrom says where the limit comes from, in the words of the configuration, such as "previous + 10%"; null for one
	// that was written out.
	LimitFrom *string  `json:"limit_from"`
	Value     *float64 `json:"value"`
	// Interval is the 95 % interval of Value; null where it has none.
	Interval *Interval `json:"interval"`
	// MoreThan is set where the value is not known, but known to be larger than this.
	MoreThan *float64 `json:"more_than"`
	N        *int     `json:"n"`
	Outcome  string   `json:"outcome"`
	// Would is what the outcome would be without the exemption; null where it is not exempt.
	Would *string `json:"would"`
	// ExemptBy is pull-request, or date where it is not in force on the day that was judged; null where it is not exempt.
	ExemptBy *string `json:"exempt_by"`
	Reason   *string `json:"reason"`
	// Then is what a breach does: fail or warn. Because and Owner are the configuration's words; null where it has none.
	Then    string  `json:"then"`
	Because *string `json:"because"`
	Owner   *string `json:"owner"`
	// Items are the URLs of the items to act on, worst first.
	Items []string `json:"items"`

	// Operator, Relative, Ramp, Band, Previous, Kind, Unit, Currency, BusinessDay, Title, Repair, BalancedBy and Worst are
	// for readers.
	Operator string `json:"-"`
	// Relative is how much more than the figure of the window before the limit is, as a part of that; nil where the limit
	// has nothing to do with it.
	Relative *float64 `json:"-"`
	// Ramp is set while the limit moves, or is yet to.
	Ramp *Ramp `json:"-"`
	// Band is the DORA band that the limit was named by.
	Band        *Band    `json:"-"`
	Previous    *float64 `json:"-"`
	Kind        string   `json:"-"`
	Unit        string   `json:"-"`
	Currency    *string  `json:"-"`
	BusinessDay *float64 `json:"-"`
	Title       string   `json:"-"`
	Repair      string   `json:"-"`
	BalancedBy  []string `json:"-"`
	// Worst are the items to act on, worst first.
	Worst []Item `json:"-"`
}

// Ramp is where a limit that moves is going, and when: days, as 2026-06-30.
type Ramp struct {
	From, Until string
	End         float64
	// Begun is true from the day after From.
	Begun bool
}

// Read says what was read, at what cost, and what is missing.
type Read struct {
	Requests      int `json:"requests"`
	GraphQLPoints int `json:"graphql_points"`
	// Bytes counts the answers, Retries the requests that had to be sent again, Waited the seconds before these.
	Bytes   int64   `json:"bytes"`
	Retries int     `json:"retries"`
	Waited  float64 `json:"waited"`
	// Cache says what came of the snapshot file; null where none was given.
	Cache   *Cache  `json:"cache"`
	Gaps    []Gap   `json:"gaps"`
	Seconds float64 `json:"seconds"`
}

// Cache is what a snapshot file gave.
type Cache struct {
	// Known counts the facts that were taken from it and not read again.
	Known int `json:"known"`
	// Aside says why it was not used; null where it was, or was not there yet.
	Aside *string `json:"aside"`
}

// Gap is a feed that was not read whole.
type Gap struct {
	Feed   string `json:"feed"`
	Reason string `json:"reason"`
	// Advice says what to change; null where that is not known.
	Advice *string `json:"advice"`

	// Permission is the workflow permission to grant, empty for any other reason.
	Permission string `json:"-"`
}
