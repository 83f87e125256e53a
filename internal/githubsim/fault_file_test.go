package githubsim

import (
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		want       []Fault
	}{
		{"nothing", "", []Fault{}},
		{"no entry", "[]", []Fault{}},
		{"conditions", `
- method: GET
  path: /repos/*/*/actions/runs
  operation: runs
  max-page: 25
  skip: 2
  times: -1
  status: 502
`, []Fault{{
			Method: "GET", Path: "/repos/*/*/actions/runs", Operation: "runs", MaxPage: 25, Skip: 2, Times: -1, Status: 502,
		}}},
		{"JSON", `[{"drop": true}, {"hang": true, "times": 3}]`, []Fault{{Drop: true}, {Hang: true, Times: 3}}},
		{"an answer", "- status: 403\n  header: {retry-after: \"3\"}\n  body: |\n    no\n", []Fault{{
			Status: 403, Header: http.Header{"Retry-After": {"3"}}, Body: "no\n",
		}}},
		{"cut and sent away", "- truncate: 10\n- redirect: /elsewhere\n  status: 307\n", []Fault{
			{Truncate: 10}, {Redirect: "/elsewhere", Status: 307},
		}},
		{"partial", "- operation: issues\n  type: FORBIDDEN\n  message: no\n  at: [repository, issues, nodes, 3]\n", []Fault{{
			Operation: "issues",
			Partial:   &PartialError{Path: []any{"repository", "issues", "nodes", 3}, Type: "FORBIDDEN", Message: "no"},
		}}},
		{"limits", "- fault: primary-limit\n- fault: primary-limit\n  after: 90s\n- fault: secondary-limit\n" +
			"- {fault: too-many-requests, after: 1m, times: 2}\n", []Fault{
			PrimaryLimit(time.Hour), PrimaryLimit(90 * time.Second), SecondaryLimit(0),
			{Times: 2, Status: 429, Header: http.Header{"Retry-After": {"60"}}, Body: secondaryBody},
		}},
		{"by name", "- {fault: bad-gateway, operation: issues, times: 2}\n- fault: gateway-timeout\n- fault: server-error\n" +
			"- fault: unavailable\n- fault: page\n- {fault: no-data, operation: refs}\n- fault: incomplete\n" +
			"- {fault: resource-limits, operation: refs, at: [repository]}\n", []Fault{
			BadGateway("issues", 2), GatewayTimeout("", 0), ServerError(), Unavailable(), Page(), NoData("refs"),
			Incomplete(""), ResourceLimits("refs", "repository"),
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseFaults(strings.NewReader(c.text))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
			if _, err := New(octo(), Options{Faults: got}); err != nil {
				t.Errorf("refused by the server: %v", err)
			}
		})
	}
}

func TestParseFaultsRefuses(t *testing.T) {
	t.Parallel()
	for text, expected := range map[string]string{
		"- colour: red":                                  "colour",
		"! 0":                                            "not a list of faults",
		"fault: page":                                    "reading faults",
		"- operation: issues":                            "entry 1: does not say what goes wrong",
		"- drop: true\n- fault: earthquake":              `entry 2: no fault is called "earthquake"; there are bad-gateway, `,
		"- {fault: page, status: 500}":                   "fault: page already says what goes wrong",
		"- {fault: page, after: 3s}":                     "after goes with fault: primary-limit",
		"- {fault: primary-limit, after: soon}":          `after: "soon" is no length of time`,
		"- {fault: primary-limit, after: -3s}":           `after: "-3s" is no length of time`,
		"- {drop: true, at: [repository]}":               "at goes with",
		"- {fault: incomplete, at: [repository, 1.5]}":   "1.5 is neither a key nor an index",
		"- {drop: true, hang: true}":                     "in two ways",
		"- {drop: true, status: 500}":                    "cannot also be replaced",
		"- {status: 99}":                                 "status 99",
		"- {redirect: /x, status: 500}":                  "status 500 does not redirect",
		"- {truncate: -1, drop: true}":                   "not negative",
		"- {drop: true, path: \"[\"}":                    "syntax error in pattern",
		"- {drop: true, times: many}":                    "reading faults",
		"- drop: true\n  drop: true":                     "drop",
		"- {type: FORBIDDEN, message: no, body: \"{}\"}": "a partial answer cannot also be replaced",
	} {
		faults, err := ParseFaults(strings.NewReader(text))
		if err == nil || !strings.Contains(err.Error(), expected) {
			t.Errorf("%q: %+v, %v; want %q", text, faults, err, expected)
		}
	}
	if _, err := ParseFaults(badReader{}); err == nil {
		t.Error("a file that cannot be read: no error")
	}
}

type badReader struct{}

func (badReader) Read([]byte) (int, error) { return 0, os.ErrClosed }

func FuzzParseFaults(f *testing.F) {
	f.Add("- fault: page\n")
	f.Add("- {at: [a, 1], type: X}\n")
	f.Add("- {status: 200, header: {a: b}}\n")
	f.Fuzz(func(t *testing.T, text string) {
		faults, err := ParseFaults(strings.NewReader(text))
		if err != nil {
			return
		}
		// What can be read can be served.
		if _, err := New(octo(), Options{Faults: faults}); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	})
}
