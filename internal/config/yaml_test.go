package config_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/config"
	"kpi-gate/internal/kpi"
)

func TestClasses(t *testing.T) {
	t.Parallel()
	c := resolve(t, config.Settings{
		// Tabs and blanks around, CRLF, quotes, flow and block style, as people write.
		Classes: "# ours\r\nbug: { labels: [kind/bug, \"type: bug\"] }\r\n" +
			"escalation:\r\n  labels:\r\n    - 'customer-escalation' # all\r\n" +
			"  types: [Escalation]\r\n\"data-loss\": {types: [Loss]}\r\n",
		Benchmarks: []string{"escalation-time-to-resolve{label=sev1}.p90 <= 2d", "data-loss-backlog <= 0"},
	})
	want := kpi.DefaultPolicy().Classes
	// The default's labels and its type Bug are gone.
	want["bug"] = kpi.Class{Labels: kpi.Globs{"kind/bug", "type: bug"}}
	want["escalation"] = kpi.Class{Labels: kpi.Globs{"customer-escalation"}, Types: kpi.Globs{"Escalation"}}
	want["data-loss"] = kpi.Class{Types: kpi.Globs{"Loss"}}
	if diff := cmp.Diff(want, c.Policy.Classes); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// Two classes of twelve KPIs each come to the built-in ones.
	got, wantKPIs := len(c.KPIs.All()), len(kpi.BuiltIn().All())+24
	if got != wantKPIs || c.KPIs.Find("data-loss-reopen-rate") == nil {
		t.Errorf("there are %d KPIs, want %d", got, wantKPIs)
	}
	if len(c.Benchmarks) != 2 {
		t.Errorf("benchmarks are %v", c.Benchmarks)
	}
}

func TestCatalogue(t *testing.T) {
	t.Parallel()
	if c, err := config.Catalogue(""); err != nil || c != kpi.BuiltIn() {
		t.Errorf("without classes: %v", err)
	}
	if c, err := config.Catalogue("escalation: {labels: [e]}"); err != nil || c.Find("escalation-age") == nil {
		t.Errorf("with a class of one's own: %v", err)
	}
	if _, err := config.Catalogue("ci: {labels: [e]}"); err == nil ||
		!strings.Contains(err.Error(), "classes: line 1, column 1: a class cannot be called ci") {
		t.Errorf("with the name of a family: %v", err)
	}
}

func TestBusinessTime(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]kpi.BusinessTime{
		"{zone: Europe/Berlin, kpis: [pickup-time]}": {
			Zone: berlin, Days: [7]bool{false, true, true, true, true, true, false}, From: 9 * time.Hour, To: 17 * time.Hour,
			Holidays: map[string]bool{}, KPIs: kpi.Globs{"pickup-time"},
		},
		// From Sunday over the end of the week to Monday, and Thursday; all day.
		"zone: UTC\ndays: [sat-mon, thu]\nhours: 0:00-24:00\nholidays: [2026-12-25, \"2027-01-01\"]\n" +
			"kpis:\n- bug-time-to-*\n- '*-age'": {
			Zone: time.UTC, Days: [7]bool{true, true, false, false, true, false, true}, To: 24 * time.Hour,
			Holidays: map[string]bool{"2026-12-25": true, "2027-01-01": true}, KPIs: kpi.Globs{"bug-time-to-*", "*-age"},
		},
		"{zone: UTC, days: wed, hours: 08:30-12:15, kpis: ['*']}": {
			Zone: time.UTC, Days: [7]bool{3: true}, From: 8*time.Hour + 30*time.Minute, To: 12*time.Hour + 15*time.Minute,
			Holidays: map[string]bool{}, KPIs: kpi.Globs{"*"},
		},
	} {
		c := resolve(t, config.Settings{BusinessTime: text, Benchmarks: []string{"pickup-time <= 2d"}})
		same := cmp.Comparer(func(x, y *time.Location) bool { return x.String() == y.String() })
		if diff := cmp.Diff(&want, c.Policy.BusinessTime, same); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
		// Two working days, where they count for this KPI, else two days.
		limit := 2 * 86_400.
		if want.Counts(kpi.PickupTime) {
			limit = 2 * want.Day().Seconds()
		}
		if got := c.Benchmarks[0].Limit; got != limit {
			t.Errorf("%s: 2d is %v, want %v", text, got, limit)
		}
	}
}

// A class of one's own has KPIs that can count in working time.
func TestBusinessTimeOfOwnClass(t *testing.T) {
	t.Parallel()
	c := resolve(t, config.Settings{
		Classes: "escalation: {labels: [e]}", BusinessTime: "{zone: UTC, kpis: [escalation-time-to-resolve]}",
		Benchmarks: []string{"escalation-time-to-resolve <= 1d"},
	})
	if c.Benchmarks[0].Limit != 8*3_600 {
		t.Errorf("a working day is %v s", c.Benchmarks[0].Limit)
	}
}

func TestCostAndCI(t *testing.T) {
	t.Parallel()
	c := resolve(t, config.Settings{
		Cost: "{downtime-per-hour: 1234.5, currency: EUR}",
		CI:   "{exclude-workflows: [deploy.yml, 'nightly-*'], jobs: true}",
	})
	if diff := cmp.Diff(&kpi.Cost{PerHour: 1234.5, Currency: "EUR"}, c.Policy.DowntimeCost); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !c.Jobs || !slices.Equal(c.Policy.ExcludedWorkflows, kpi.Globs{"deploy.yml", "nightly-*"}) {
		t.Errorf("jobs %t, excluded %v", c.Jobs, c.Policy.ExcludedWorkflows)
	}
	c = resolve(t, config.Settings{CI: "exclude-workflows: [deploy.yml]"})
	if c.Jobs || c.Policy.DowntimeCost != nil || c.Policy.BusinessTime != nil {
		t.Errorf("what is not said: jobs %t, cost %v, business time %v",
			c.Jobs, c.Policy.DowntimeCost, c.Policy.BusinessTime)
	}
}

func TestYAMLMistakes(t *testing.T) {
	t.Parallel()
	const (
		classes, business, cost, ci = "classes", "business-time", "cost", "ci"
		budget                      = "budget"
		keysOfTime                  = "zone, days, hours, holidays, kpis"
	)
	// The second line of each entry has a caret under every rune of the offending part of the last line of the text that
	// is shown; line is which one that is.
	for _, test := range []struct {
		setting, text string
		line          int
		caret         string
		message       string
		nearest       string
	}{
		// Not YAML at all.
		{
			classes, "bug: { labels: [bug", 1,
			"               ^", "this is not YAML: sequence end token ']' not found", "",
		},
		{
			classes, "bug: { labels: [sev[0-9]] }", 1,
			"                   ^", "this is not YAML: ',' or ']' must be specified", "",
		},
		{
			classes, "bug:\n\tlabels: [bug]", 2,
			"^", "this is not YAML: found a tab that cannot start any token; a text with any of :#", "",
		},
		{classes, "# nothing\n", 1, "^", "there is nothing in it: leave the setting out, or say something", ""},
		{
			classes, "bug: {labels: [bug]}\n---\nbug: {labels: [bug]}", 2,
			"^^^", "there is more than one document in it", "",
		},
		{
			classes, "bug: " + strings.Repeat("[", 17), 1,
			"                     ^", "lists and mappings may nest 16 deep", "",
		},
		{
			classes, strings.Repeat("- ", 17), 1,
			strings.Repeat(" ", 32) + "^", "lists and mappings may nest 16 deep", "",
		},

		// Of the wrong kind.
		{
			classes, "[bug]", 1,
			"^", "a list is here where a mapping of names to classes, such as bug: { labels: [bug] }, belongs", "",
		},
		{classes, "bug", 1, "^^^", "a text is here where a mapping of names to classes", ""},
		{
			classes, "bug: [bug]", 1,
			"     ^", "a list is here where a mapping with the keys labels, types belongs", "",
		},
		{classes, "bug:", 1, "    ^", "nothing is here where a mapping with the keys labels, types belongs", ""},
		{
			classes, "bug: {labels: bug}", 1,
			"              ^^^", "a text is here where a list, such as [a, b], belongs", "",
		},
		{
			classes, "bug:\n  labels:\n    sev: 1", 3,
			"    ^^^", "a mapping is here where a list, such as [a, b], belongs", "",
		},
		{
			classes, "bug: {labels: [1]}", 1,
			"               ^", "a number, without quotes, is here where a text belongs", "",
		},
		{
			classes, "bug: {labels: [bug, type: bug]}", 1,
			"                    ^^^^",
			"a mapping is here where a text belongs: one with a colon and a blank stands in quotes", `"type: bug"`,
		},
		{
			classes, "bug:\n  labels:\n    - type: bug", 3,
			"      ^^^^", "a mapping is here where a text belongs: one with a colon", `"type: bug"`,
		},
		{
			classes, "bug: {labels: [{type: bug}]}", 1,
			"               ^", "a mapping is here where a text belongs", "",
		},
		{
			classes, "bug: {labels: [no, true]}", 1,
			"                   ^^^^", "true or false, without quotes, is here where a text belongs", "",
		},
		{
			classes, "bug:\n  labels:\n    - |\n      x", 3,
			"      ^", "a text of several lines is here where a text belongs", "",
		},
		{classes, "1: {labels: [x]}", 1, "^", "a number, without quotes, is here where a key belongs", ""},
		{
			classes, "bug: {labels: &x [bug]}", 1,
			"              ^",
			"a text that begins with *, & or ! stands in quotes: anchors, aliases and tags are not read", "",
		},
		{
			classes, "bug: {labels: [!!str 1]}", 1,
			"               ^^^^^", "a text that begins with *, & or ! stands in quotes: anchors", "",
		},
		{
			business, "zone: UTC\nkpis: [*-age]", 2,
			"       ^", "a text that begins with *, & or ! stands in quotes: anchors", `"*-age"`,
		},
		{
			classes, "bug:\n  <<: {labels: [x]}\n  types: [x]", 2,
			"  ^^", "merge keys are not read: write the keys out", "",
		},

		// Keys and names.
		{
			classes, "bug:\n  label: [bug]\n  types: [Bug]", 2,
			"  ^^^^^", `there is no key "label" here: the keys are labels, types`, "labels",
		},
		{classes, "bug: {types: [Bug]}\nbug: {types: [Bug]}", 2, "^^^", `"bug" is already there in line 1`, ""},
		{
			classes, "bug: {types: [Bug], types: [Bug]}", 1,
			"                    ^^^^^", `"types" is already there in line 1`, "",
		},
		{
			classes, "\"Customer Escalation\": {types: [E]}", 1,
			"^^^^^^^^^^^^^^^^^^^^^", `"Customer Escalation" is not a name for a class`, "customer-escalation",
		},
		{
			classes, "2nd-line: {types: [E]}", 1,
			"^^^^^^^^",
			`"2nd-line" is not a name for a class: it is made of a to z, 0 to 9 and single hyphens between them, and begins with a letter`, "",
		},
		{
			classes, "escalation-: {types: [E]}", 1,
			"^^^^^^^^^^^", `"escalation-" is not a name for a class`, "escalation",
		},
		{
			classes, "bugs: {types: [Bug]}", 1,
			"^^^^", `"bugs" would be a class beside bug, which would keep its labels`, "bug",
		},
		{
			classes, "incidnet: {types: [I]}", 1,
			"^^^^^^^^", `"incidnet" would be a class beside incident, which would keep its labels`, "incident",
		},
		{
			classes, "ticket: {types: [T]}", 1,
			"^^^^^^", "a class cannot be called ticket: there is already a KPI ticket-backlog-growth", "",
		},
		// x-first-contact would have a resolution rate, and x a rate of first contact resolution, of the same name.
		{
			classes, "x-first-contact: {types: [T]}\nx: {types: [T]}", 1,
			"^^^^^^^^^^^^^^^",
			"a class cannot be called x-first-contact: there is already a KPI x-first-contact-resolution-rate", "",
		},
		{
			classes, strings.Repeat("x", 41) + ": {types: [T]}", 1,
			strings.Repeat("^", 41), "the name of a class has at most 40 characters", "",
		},
		{classes, "bug: {}", 1, "     ^", "a class needs labels or types", ""},
		{classes, "bug: {labels: []}", 1, "              ^", "the list is empty", ""},
		{
			classes, "bug: {labels: [\"sev[0-9\"]}", 1,
			"               ^^^^^^^^^", `"sev[0-9" is not a glob: a [ is not closed, or nothing follows a \`, "",
		},
		{classes, "bug: {labels: ['']}", 1, "               ^^", "a glob must be there, such as * for anything", ""},
		{
			classes, "bug: {labels: [\"a\\nb\"]}", 1,
			"               ^^^^^^", `the glob "a\nb" has a character that cannot be seen, U+000A`, "",
		},

		{business, "{kpis: [pickup-time]}", 1, "^", "the key zone is missing", ""},
		{business, "zone: UTC\ndays: mon", 1, "^^^^", "the key kpis is missing", ""},
		{
			business, "zone: UTC\nkpi: [x]\nkpis: [pickup-time]", 2,
			"^^^", `there is no key "kpi" here: the keys are ` + keysOfTime, "kpis",
		},
		{ // that the key is missing is not told beside
			business, "zone: UTC\nkpi: [pickup-time]", 2,
			"^^^", `there is no key "kpi" here: the keys are ` + keysOfTime, "kpis",
		},
		{
			business, "zone: Europe/Berln\nkpis: [pickup-time]", 1,
			"      ^^^^^^^^^^^^",
			`"Europe/Berln" is not the name of a time zone, such as Europe/Berlin or UTC`, "Europe/Berlin",
		},
		{
			business, "zone: berlin\nkpis: [pickup-time]", 1,
			"      ^^^^^^", `"berlin" is not the name of a time zone`, "Europe/Berlin",
		},
		{
			business, "zone: Local\nkpis: [pickup-time]", 1,
			"      ^^^^^", `"Local" is not the name of a time zone`, "",
		},
		{business, "zone: ''\nkpis: [pickup-time]", 1, "      ^^", `"" is not the name of a time zone`, ""},
		{
			business, "zone: ../etc/passwd\nkpis: [pickup-time]", 1,
			"      ^^^^^^^^^^^^^", `"../etc/passwd" is not the name of a time zone`, "",
		},
		{
			business, "zone: UTC\ndays: Monday - Friday\nkpis: [pickup-time]", 2,
			"      ^^^^^^^^^^^^^^^", `"Monday - Friday" is neither a day nor a range of days`, "mon-fri",
		},
		{
			business, "zone: UTC\ndays: [mon, tues]\nkpis: [pickup-time]", 2,
			"            ^^^^", `"tues" is neither a day nor a range of days`, "tue",
		},
		{
			business, "zone: UTC\ndays: mondays to fridays\nkpis: [pickup-time]", 2,
			"      ^^^^^^^^^^^^^^^^^^", `"mondays to fridays" is neither a day nor a range of days`, "mon-fri",
		},
		{ // not mon, which would leave a day out
			business, "zone: UTC\ndays: mon, tue\nkpis: [pickup-time]", 2,
			"      ^^^^^^^^", `"mon, tue" is neither a day nor a range of days`, "",
		},
		{
			business, "zone: UTC\ndays: weekdays\nkpis: [pickup-time]", 2,
			"      ^^^^^^^^", `"weekdays" is neither a day nor a range of days`, "",
		},
		{
			business, "zone: UTC\nhours: 9-17\nkpis: [pickup-time]", 2,
			"       ^^^^", `"9-17" is not a range of hours, such as 09:00-17:00`, "",
		},
		{
			business, "zone: UTC\nhours: 17:00-09:00\nkpis: [pickup-time]", 2,
			"       ^^^^^^^^^^^", "the first hour must be before the last", "",
		},
		{
			business, "zone: UTC\nhours: 09:00-09:00\nkpis: [pickup-time]", 2,
			"       ^^^^^^^^^^^", "the first hour must be before the last", "",
		},
		{
			business, "zone: UTC\nhours: 09:00-24:01\nkpis: [pickup-time]", 2,
			"       ^^^^^^^^^^^", "a day ends at 24:00", "",
		},
		{
			business, "zone: UTC\nholidays: [2026-02-30]\nkpis: [pickup-time]", 2,
			"           ^^^^^^^^^^", `"2026-02-30" is not a day such as 2026-12-25`, "",
		},
		{
			business, "zone: UTC\nkpis: [pick-up-time]", 2,
			"       ^^^^^^^^^^^^", `there is no KPI "pick-up-time"`, "pickup-time",
		},
		{
			business, "zone: UTC\nkpis: [ci-success-rate]", 2,
			"       ^^^^^^^^^^^^^^^", "ci-success-rate has no lengths of time that could count in working hours", "",
		},
		{
			business, "zone: UTC\nkpis: [downtime]", 2,
			"       ^^^^^^^^", "downtime has no lengths of time that could count in working hours", "",
		},

		{
			cost, "{downtime-per-hour: 0, currency: EUR}", 1,
			"                    ^", "the number must be above 0 and at most 1000000000000", "",
		},
		{
			cost, "{downtime-per-hour: 1000000000001, currency: EUR}", 1,
			"                    ^^^^^^^^^^^^^", "the number must be above 0 and at most 1000000000000", "",
		},
		{
			cost, "{downtime-per-hour: -5, currency: EUR}", 1,
			"                    ^^", `"-5" is not a number above 0 in digits`, "",
		},
		{
			cost, "{downtime-per-hour: 5_000, currency: EUR}", 1,
			"                    ^^^^^", `"5_000" is not a number above 0 in digits`, "",
		},
		{
			cost, "{downtime-per-hour: 0x10, currency: EUR}", 1,
			"                    ^^^^", `"0x10" is not a number above 0 in digits`, "",
		},
		{
			cost, "{downtime-per-hour: .nan, currency: EUR}", 1,
			"                    ^^^^", `".nan" is not a number above 0 in digits`, "",
		},
		{
			cost, "{downtime-per-hour: \"5000\", currency: EUR}", 1,
			"                    ^^^^^^", "a text is here where a number such as 5000, without quotes, belongs", "5000",
		},
		{
			cost, "downtime-per-hour: 5,000\ncurrency: EUR", 1,
			"                   ^^^^^", "a text is here where a number such as 5000, without quotes, belongs", "",
		},
		{
			cost, "{downtime-per-hour: 5000, currency: eur}", 1,
			"                                    ^^^",
			`"eur" is not the code of a currency: three capital letters, such as EUR`, "EUR",
		},
		{
			cost, "{downtime-per-hour: 5000, currency: €}", 1,
			"                                    ^", `"€" is not the code of a currency`, "",
		},
		{cost, "{downtime-per-hour: 5000}", 1, "^", "the key currency is missing", ""},

		{budget, "0", 1, "^", `"0" is not a whole number from 1 to 1000000`, ""},
		{budget, "1000001", 1, "^^^^^^^", `"1000001" is not a whole number from 1 to 1000000`, ""},
		{budget, "4.5", 1, "^^^", `"4.5" is not a whole number from 1 to 1000000`, ""},
		{budget, "lots", 1, "^^^^", "a text is here where a whole number such as 400, without quotes, belongs", ""},
		{budget, "'400'", 1, "^^^^^", "a text is here where a whole number such as 400, without quotes, belongs", "400"},
		{budget, "[400]", 1, "^", "a list is here where a whole number such as 400 belongs", ""},
		{budget, "{}", 1, "^", "there is nothing in it: leave the setting out, or give requests or points", ""},
		{
			budget, "{request: 300}", 1,
			" ^^^^^^^", `there is no key "request" here: the keys are requests, points`, "requests",
		},
		{budget, "{points: -1}", 1, "         ^^", `"-1" is not a whole number from 1 to 1000000`, ""},

		{ci, "{jobs: yes}", 1, "       ^^^", `"yes" is a text, and neither true nor false`, "true"},
		{ci, "{jobs: 'false'}", 1, "       ^^^^^^^", `"false" is a text, and neither true nor false`, "false"},
		{ci, "{jobs: 1}", 1, "       ^", "a number, without quotes, is here where true or false belongs", ""},
		{
			ci, "{exclude-workflow: [x]}", 1,
			" ^^^^^^^^^^^^^^^^",
			`there is no key "exclude-workflow" here: the keys are exclude-workflows, jobs`, "exclude-workflows",
		},
	} {
		s := config.Settings{Repository: "o/r"}
		*map[string]*string{
			classes: &s.Classes, business: &s.BusinessTime, cost: &s.Cost, ci: &s.CI, budget: &s.Budget,
		}[test.setting] = test.text
		_, err := config.Resolve(s, nil, now)
		if err == nil {
			t.Errorf("%s: %q is accepted", test.setting, test.text)
			continue
		}
		lines := strings.Split(err.Error(), "\n")
		head := fmt.Sprintf("%s: line %d, column %d: %s",
			test.setting, test.line, strings.Index(test.caret, "^")+1, test.message)
		nearest := ""
		if test.nearest != "" {
			nearest = "did you mean " + test.nearest + "?"
		}
		if len(lines) < 3 || !strings.HasPrefix(lines[0], head) || lines[2] != "  | "+test.caret ||
			(len(lines) > 3) != (nearest != "") || len(lines) > 3 && lines[3] != nearest {
			t.Errorf("%s: %q: got\n%v\nwant\n%s…\n  | %s\n%s", test.setting, test.text, err, head, test.caret, nearest)
		}
	}
}

// The exact text of an error, and that of every mistake in a setting.
func TestYAMLMistakesAreToldAtOnce(t *testing.T) {
	t.Parallel()
	_, err := config.Resolve(config.Settings{
		Repository: "o/r",
		Classes:    "bug:\n  lables: [bug]\nincident: { labels: [\"sev[\"] }\n",
		Cost:       "{ downtime-per-hour: 5000, currency: Euro }",
		BugLabels:  "bug",
		Benchmarks: []string{"bug-backlogs <= 20", "bug-age <= 2"},
	}, nil, now)
	want := `classes: line 1, column 1: the setting bug-labels gives the labels of the class bug too: leave one of them out
  | bug:
  | ^^^
classes: line 2, column 3: there is no key "lables" here: the keys are labels, types
  |   lables: [bug]
  |   ^^^^^^
did you mean labels?
classes: line 3, column 22: "sev[" is not a glob: a [ is not closed, or nothing follows a \
  | incident: { labels: ["sev["] }
  |                      ^^^^^^
cost: line 1, column 38: "Euro" is not the code of a currency: three capital letters, such as EUR
  | { downtime-per-hour: 5000, currency: Euro }
  |                                      ^^^^
benchmarks: line 1, column 1: there is no KPI "bug-backlogs"
  | bug-backlogs <= 20
  | ^^^^^^^^^^^^
did you mean bug-backlog?
benchmarks: line 2, column 12: a length of time needs a unit: w, d, h, m or min, s
  | bug-age <= 2
  |            ^`
	if err == nil {
		t.Fatal("no error")
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestYAMLOfTooMuch(t *testing.T) {
	t.Parallel()
	var many strings.Builder
	for i := range 31 {
		fmt.Fprintf(&many, "c%d: {types: [T]}\n", i)
	}
	for text, want := range map[string]string{
		"# " + strings.Repeat("x", 64<<10): "classes: it has more than 65536 bytes",
		strings.Repeat("1: x\n", 50): "line 20, column 1: a number, without quotes, is here where a key belongs\n" +
			"  | 1: x\n  | ^\nclasses: and 30 more mistakes",
		many.String(): "there may be 30 classes besides the built-in ones",
	} {
		if _, err := config.Resolve(config.Settings{Repository: "o/r", Classes: text}, nil, now); err == nil ||
			!strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want it to say %q", err, want)
		}
	}
}

// FuzzYAML: whatever is written, it is read or refused, and a refusal can be shown.
func FuzzYAML(f *testing.F) {
	for _, text := range []string{
		"bug: { labels: [bug, \"type: bug\"], types: [Bug] }\nincident:\n  labels:\n    - a\n    - 'b c' # x\n",
		"zone: Europe/Berlin\ndays: mon-fri\nhours: 09:00-17:00\nholidays: [2026-12-25]\nkpis: [bug-time-to-*]",
		"{downtime-per-hour: 5000, currency: EUR}", "{exclude-workflows: [deploy.yml], jobs: true}",
		"a: &x 1\nb: *x\n<<: *x", "? a\n: b", "a: |\n b\n", "!!str a: !x b", "%YAML 1.1\n---\na: b\n...\n", "- a\n- - b\n",
		"a: \"\\u202e\\x1b\"\n", "\ufeffa: b", "a: 'x\n\n y'\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		_, err := config.Resolve(config.Settings{
			Repository: "o/r", Classes: text, BusinessTime: text, Cost: text, CI: text,
		}, nil, now)
		if err == nil {
			return
		}
		if i := strings.IndexFunc(err.Error(), func(r rune) bool {
			return r != '\n' && !unicode.IsPrint(r) && !unicode.Is(unicode.Zs, r)
		}); i >= 0 {
			t.Errorf("%q: %q is not safe to show", text, err.Error())
		}
		for _, line := range strings.Split(err.Error(), "\n") {
			told := strings.HasPrefix(line, "  | ") || strings.HasPrefix(line, "did you mean ")
			for _, setting := range []string{"classes", "business-time", "cost", "ci"} {
				told = told || strings.HasPrefix(line, setting+": ")
			}
			if !told {
				t.Errorf("%q: the error has the line %q", text, line)
			}
		}
	})
}
