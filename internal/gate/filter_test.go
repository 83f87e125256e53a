package gate_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
)

func TestParseFilter(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		line      string
		filter    kpi.Filter
		canonical string
	}{
		{
			`bug-time-to-acknowledge{label=sev1, author="octo cat"}.p90 <= 4h`,
			kpi.Filter{{Attribute: kpi.Author, Glob: "octo cat"}, {Attribute: kpi.Label, Glob: "sev1"}},
			`bug-time-to-acknowledge{author="octo cat",label=sev1}.p90 <= 4h`,
		},
		{ // without a statistic, and without blanks
			"bug-backlog{label=sev1}<=3",
			kpi.Filter{{Attribute: kpi.Label, Glob: "sev1"}},
			"bug-backlog{label=sev1} <= 3",
		},
		{ // blanks are free, no-break ones too
			"bug-age\t{ label\u00a0=  sev[0-9]\u00a0, author = * } . max <= 3d",
			kpi.Filter{{Attribute: kpi.Author, Glob: "*"}, {Attribute: kpi.Label, Glob: "sev[0-9]"}},
			"bug-age{author=*,label=sev[0-9]}.max <= 3d",
		},
		{ // an attribute twice: the item must meet both
			"bug-backlog{label=sev1,label=customer,label=sev1} <= 3",
			kpi.Filter{{Attribute: kpi.Label, Glob: "customer"}, {Attribute: kpi.Label, Glob: "sev1"}},
			"bug-backlog{label=customer,label=sev1} <= 3",
		},
		{ // whatever ends a glob stands in quotes; needless ones go
			`bug-backlog{label="a,b}c{d#e=f", label="*: bug", label="plain"} <= 3 # {}`,
			kpi.Filter{
				{Attribute: kpi.Label, Glob: "*: bug"},
				{Attribute: kpi.Label, Glob: "a,b}c{d#e=f"},
				{Attribute: kpi.Label, Glob: "plain"},
			},
			`bug-backlog{label="*: bug",label="a,b}c{d#e=f",label=plain} <= 3`,
		},
		{ // a quote behind a backslash; any other backslash is the glob's own
			`bug-backlog{label="say \"hi\"", label=a\*, label="b \\"} <= 3`,
			kpi.Filter{
				{Attribute: kpi.Label, Glob: `b \\`},
				{Attribute: kpi.Label, Glob: `say "hi"`},
				{Attribute: kpi.Label, Glob: `a\*`},
			},
			`bug-backlog{label="b \\",label="say \"hi\"",label=a\*} <= 3`,
		},
		{ // an emoji of several characters
			"bug-backlog{label=👩\u200d💻*} <= 3",
			kpi.Filter{{Attribute: kpi.Label, Glob: "👩\u200d💻*"}},
			"bug-backlog{label=👩\u200d💻*} <= 3",
		},
		{ // quotes of another kind that are the label's own
			`bug-backlog{label="'new'"} <= 3`,
			kpi.Filter{{Attribute: kpi.Label, Glob: "'new'"}},
			`bug-backlog{label="'new'"} <= 3`,
		},
		{
			"pull-request-size{path=api/*,base=main}.p75 <= 400",
			kpi.Filter{{Attribute: kpi.Base, Glob: "main"}, {Attribute: kpi.Path, Glob: "api/*"}},
			"pull-request-size{base=main,path=api/*}.p75 <= 400",
		},
	} {
		b, err := gate.Language{}.Parse(test.line)
		if err != nil {
			t.Errorf("%q: %v", test.line, err)
			continue
		}
		if diff := cmp.Diff(test.filter, b.Filter); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.line, diff)
		}
		if got := b.String(); got != test.canonical {
			t.Errorf("%q: canonical form %q, want %q", test.line, got, test.canonical)
		}
		if again, err := (gate.Language{}).Parse(test.canonical); err != nil || !cmp.Equal(again.Filter, b.Filter) {
			t.Errorf("%q: its canonical form gives %v, %v", test.line, again.Filter, err)
		}
	}
}

func TestParseFilterErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ line, caret, message, nearest string }{
		{
			"bug-backlog{labels=sev1} <= 3",
			"            ^^^^^^", `there is no attribute "labels": bug-backlog can be filtered by label, author`, "label",
		},
		{
			"bug-backlog{lable=sev1} <= 3", // two letters in the wrong order
			"            ^^^^^", `there is no attribute "lable": bug-backlog can be filtered by label, author`, "label",
		},
		{
			"bug-backlog{team=core} <= 3",
			"            ^^^^", `there is no attribute "team": bug-backlog can be filtered by label, author`, "",
		},
		{
			"bug-backlog{path=api/*} <= 3",
			"            ^^^^", "bug-backlog cannot be filtered by path, only by label, author", "",
		},
		{
			"milestones-on-time{label=sev1} >= 90%",
			"                  ^^^^^^^^^^^^", "milestones-on-time cannot be filtered", "",
		},
		{
			"bug-backlog{} <= 3",
			"           ^^", "a filter needs a term, as in {label=x}", "",
		},
		{
			"bug-backlog{label=a,} <= 3",
			"                    ^", "an attribute must come here: bug-backlog can be filtered by label, author", "",
		},
		{
			"bug-backlog{label} <= 3",
			"                 ^", "an equals sign and a glob must follow label, as in {label=x}", "",
		},
		{
			"bug-backlog{label!=sev1} <= 3",
			"                 ^^", "an equals sign and a glob must follow label, as in {label=x}", "",
		},
		{
			"bug-backlog{label==sev1} <= 3",
			"                 ^^", "an equals sign and a glob must follow label, as in {label=x}", "=",
		},
		{
			"bug-backlog{label: sev1} <= 3",
			"                 ^", "an equals sign and a glob must follow label, as in {label=x}", "=",
		},
		{
			"bug-backlog{label='sev 1'} <= 3",
			"                  ^^^^^^^", `the quotes of a glob are "`, `"sev 1"`,
		},
		{
			"bug-backlog{label=“sev1”} <= 3", // from a page; it would have matched no label, and held
			"                  ^^^^^^", `the quotes of a glob are "`, `"sev1"`,
		},
		{
			"bug-backlog{label='sev1} <= 3",
			"                  ^", `the quotes of a glob are "`, "",
		},
		{
			"bug-backlog{label= } <= 3",
			"                   ^", "a glob must be there, such as * for anything", "",
		},
		{
			`bug-backlog{label="", author=a} <= 3`,
			`                  ^^`, "a glob must be there, such as * for anything", "",
		},
		{
			"bug-backlog{label=sev[1} <= 3",
			"                  ^^^^^", `"sev[1" is not a glob: a [ is not closed, or nothing follows a \`, "",
		},
		{
			"bug-backlog{label=*: bug} <= 3",
			"                  ^^^^^^", "a glob with a blank or one of { } # = \" in it stands in quotes", `"*: bug"`,
		},
		{
			`bug-backlog{author=a, label=5"} <= 3`,
			`                            ^^`, "a glob with a blank or one of { } # = \" in it stands in quotes", `"5\""`,
		},
		{
			"bug-backlog{label=c#} <= 3",
			"                  ^^", "a glob with a blank or one of { } # = \" in it stands in quotes", `"c#"`,
		},
		{
			"bug-backlog{label=\"type:\u00a0bug\"} <= 3",
			"                  ^^^^^^^^^^^",
			"the glob \"type:\u00a0bug\" has a character that cannot be seen, U+00A0: put ? in its place", "",
		},
		{
			"bug-backlog{label=sev1 <= 3",
			"                       ^^", `a comma or the closing brace of the filter must follow "bug-backlog{label=sev1"`, "",
		},
		{
			"bug-backlog{label=sev1",
			"                      ^", `a comma or the closing brace of the filter must follow "bug-backlog{label=sev1"`, "",
		},
		{
			`bug-backlog{label="sev1 <= 3`,
			`                  ^^^^^^^^^^`, "the quotes are not closed", "",
		},
		{
			`bug-backlog{label="sev1\"} <= 3`,
			`                  ^^^^^^^^^^^^^`, "the quotes are not closed", "",
		},
		{
			`bug-backlog{label="sev1"x} <= 3`,
			`                        ^^`,
			`a comma or the closing brace of the filter must follow "bug-backlog{label="sev1""`, "",
		},
		{
			"bug-age.p90{label=sev1} <= 3d",
			"           ^^^^^^^^^^^^", "a filter stands once, after the KPI: bug-age{…}", "",
		},
		{
			"bug-backlog{label=a}{author=b} <= 3",
			"                    ^^^^^^^^^^", "a filter stands once, after the KPI: bug-backlog{…}", "",
		},
	} {
		var syntax *gate.SyntaxError
		_, err := gate.Language{}.Parse(test.line)
		if !errors.As(err, &syntax) {
			t.Errorf("%q: got %v, want a syntax error", test.line, err)
			continue
		}
		if !strings.HasPrefix(syntax.Message, test.message) || syntax.Nearest != test.nearest {
			t.Errorf("%q: got %q and nearest %q, want %q and %q",
				test.line, syntax.Message, syntax.Nearest, test.message, test.nearest)
		}
		if lines := strings.Split(err.Error(), "\n"); lines[2] != "  | "+test.caret {
			t.Errorf("%q: got\n%s\nwant\n  | %s", test.line, err, test.caret)
		}
	}
}

// Benchmarks on different items do not contradict each other; the order of the terms makes no difference.
func TestParseAllTellsFiltersApart(t *testing.T) {
	t.Parallel()
	const three = "bug-backlog <= 20\nbug-backlog{label=sev1} <= 2\nbug-backlog{label=sev1,author=ada} <= 1\n"
	benchmarks, err := gate.Language{}.ParseAll(three)
	if err != nil || len(benchmarks) != 3 {
		t.Fatalf("got %v, %v", benchmarks, err)
	}
	// The first is a KPI that every report has; the other two are computed beside it.
	if more := gate.Selections(benchmarks, kpi.Select(kpi.BuiltIn().All())); len(more) != 2 {
		t.Errorf("got %v", more)
	}
	_, err = gate.Language{}.ParseAll(three + "bug-backlog{author=ada, label=\"sev1\"} < 5")
	if err == nil || !strings.HasPrefix(err.Error(), "line 4, column 1: line 3 already sets an upper limit for "+
		"bug-backlog{author=ada,label=sev1}: bug-backlog{author=ada,label=sev1} <= 1\n") {
		t.Errorf("got %v", err)
	}
}
