// Package report is the view model: what a report says, in the order and the words in which it is said. Its JSON form
// is a contract (schema 1): durations are seconds, shares 0 to 1, rates per day, times RFC 3339 in UTC, and what is not
// known is null, never 0.
package report

// Schema is the version of the JSON form. It changes only when a reader of the older form would break.
const Schema = 1

// Report is one run's report on one repository.
type Report struct {
	Schema     int         `json:"schema"`
	Repository string      `json:"repository"`
	Window     Window      `json:"window"`
	Previous   Window      `json:"previous"`
	Verdict    string      `json:"verdict"`
	Config     Config      `json:"config"`
	KPIs       []KPI       `json:"kpis"`
	Benchmarks []Benchmark `json:"benchmarks"`
	Read       Read        `json:"read"`

	// RepositoryURL is the repository's page, for links.
	RepositoryURL string `json:"-"`
	// Source is the deployment source in one phrase for readers, such as "tags (v*), found automatically".
	Source string `json:"-"`
	// Families are the families that the KPIs belong to, in order.
	Families []Family `json:"-"`
}

// Family is a heading of the report.
type Family struct{ ID, Title string }

// Window is a half-open interval of time, RFC 3339 in UTC.
type Window struct {
	Since string `json:"since"`
	Until string `json:"until"`
}

// Config says where the configuration came from; null where there was no file.
type Config struct {
	Ref  *string `json:"ref"`
	Path *string `json:"path"`
}

// KPI is one row of figures.
type KPI struct {
	ID     string  `json:"id"`
	Family string  `json:"family"`
	Kind   string  `json:"kind"`
	Unit   string  `json:"unit"`
	Better string  `json:"better"`
	Status string  `json:"status"`
	Reason *string `json:"reason"`
	Source *string `json:"source"`
	// N is null for a level.
	N       *int `json:"n"`
	Running *int `json:"running"`
	Hits    *int `json:"hits"`
	Events  *int `json:"events"`
	// Value is the figure: the default statistic.
	Value      *float64            `json:"value"`
	Statistic  string              `json:"statistic"`
	Statistics map[string]*float64 `json:"statistics"`
	// Interval is that of the default statistic; null where it has none.
	Interval *Interval `json:"interval"`
	Previous *Previous `json:"previous"`
	Trend    []Point   `json:"trend"`
	Notes    []string  `json:"notes"`
	Items    []Item    `json:"items"`

	// Title, Definition (the reference text), Plain and Repair are the words for readers.
	Title      string `json:"-"`
	Definition string `json:"-"`
	Plain      string `json:"-"`
	Repair     string `json:"-"`
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
	Text      string   `json:"text"`
	KPI       string   `json:"kpi"`
	Statistic string   `json:"statistic"`
	Limit     float64  `json:"limit"`
	Value     *float64 `json:"value"`
	N         *int     `json:"n"`
	Outcome   string   `json:"outcome"`
	Reason    *string  `json:"reason"`
	// Items are the URLs of the items to act on, worst first.
	Items []string `json:"items"`

	// Operator, Previous, Kind, Unit, Title, Repair and Worst are for readers.
	Operator string   `json:"-"`
	Previous *float64 `json:"-"`
	Kind     string   `json:"-"`
	Unit     string   `json:"-"`
	Title    string   `json:"-"`
	Repair   string   `json:"-"`
	// Worst are the items to act on, worst first.
	Worst []Item `json:"-"`
}

// Read says what was read, at what cost, and what is missing.
type Read struct {
	Requests      int     `json:"requests"`
	GraphQLPoints int     `json:"graphql_points"`
	Gaps          []Gap   `json:"gaps"`
	Seconds       float64 `json:"seconds"`
}

// Gap is a feed that was not read whole.
type Gap struct {
	Feed   string `json:"feed"`
	Reason string `json:"reason"`

	// Permission is the workflow permission to grant, empty for any other reason.
	Permission string `json:"-"`
}
