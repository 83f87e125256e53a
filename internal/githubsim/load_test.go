package githubsim

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

const smallWorld = `{
 "provenance": "made up", "labelDefinitions": [{"name": "bug"}],
 "repo": {"owner": "octo", "name": "parcels", "defaultBranch": "main"},
 "pulls": [
  {"number": 1, "state": "MERGED", "createdAt": "2026-01-02T00:00:00Z", "mergedAt": "2026-01-03T00:00:00Z",
   "commits": 3},
  {"number": 2, "state": "OPEN", "createdAt": "2026-01-02T00:00:00Z", "author": null,
   "commits": [{"oid": "a1", "authoredDate": "2026-01-01T00:00:00Z", "committedDate": "2026-01-01T00:00:00Z"}]}
 ]
}`

func TestLoad(t *testing.T) {
	t.Parallel()
	plain, err := Load(strings.NewReader(smallWorld))
	if err != nil {
		t.Fatal(err)
	}
	if p := plain.Pulls; len(p) != 2 || p[0].Commits.Count != 3 || p[1].Commits.Count != 1 ||
		!p[1].Commits.List[0].AuthoredDate.Equal(day(1)) || p[1].Author != nil {
		t.Errorf("%+v", p)
	}
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	if err := json.NewEncoder(z).Encode(plain); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Load(&zipped)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(again, plain) {
		t.Errorf("%+v\n%+v", again, plain)
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	// The content of a file begins on its second line, after a blank.
	const repo = `{"repo":{"owner":"o","name":"n"},` + "\n "
	const opened = `"createdAt":"2026-01-01T00:00:00Z"`
	for name, c := range map[string]struct{ file, want string }{
		"nothing":   {``, `line 1, column 1: unexpected end of JSON input`},
		"no object": {`[1]`, `line 1, column 1: the file: found array where an object belongs`},
		"broken JSON": {
			"{\"repo\":\n  {\"owner\" \"o\"}}", `line 2, column 12: invalid character '"' after object key`,
		},
		"no name": {`{"repo":{"owner":"o"}}`, `line 1, column 9: repo: owner and name are needed`},
		"wrong type": {
			repo + `"issues":[{"number":"7"}]}`,
			`line 2, column 22: issues[0].number: found string where a whole number belongs`,
		},
		"wrong time": {
			repo + `"tags":[{"name":"a","oid":"b"},{"date":"2026-13-01T00:00:00Z"}]}`,
			`line 2, column 41: tags[1].date: parsing time "2026-13-01T00:00:00Z": month out of range`,
		},
		"wrong commits": {
			repo + `"pulls":[{"commits":[{"oid":1}]}]}`,
			`line 2, column 30: pulls[0].commits[0].oid: found number where a text belongs`,
		},
		"misspelt field": {
			repo + `"issues":[{"number":7},{"createdat2":null}]}`, `line 2, column 39: issues[1].createdat2: unknown field`,
		},
		"number twice": {
			repo + `"pulls":[{"number":1,"state":"OPEN",` + opened + `}],"issues":[{"number":1}]}`,
			`line 2, column 95: issues[0].number: 1 is taken by pulls[0]`,
		},
		"merged, no time": {
			repo + `"pulls":[{"number":1,"state":"MERGED",` + opened + `}]}`,
			`line 2, column 11: pulls[0].mergedAt: is needed when the state is MERGED`,
		},
		"open and closed": {
			repo + `"issues":[{"number":1,"state":"OPEN",` + opened + `,"closedAt":"2026-01-01T00:00:00Z"}]}`,
			`line 2, column 85: issues[0].closedAt: is set though the state is OPEN`,
		},
		"unknown state": {
			repo + `"issues":[{"number":1,"state":"DONE"}]}`,
			`line 2, column 32: issues[0].state: "DONE" is not OPEN or CLOSED`,
		},
		"commit twice": {
			repo + `"commits":[{"oid":"a","parents":[]},{"oid":"a"}]}`, `line 2, column 45: commits[1].oid: "a" is there twice`,
		},
		"files twice": {
			repo + `"branches":[{"name":"a","oid":"1"},{"name":"b","oid":"1","files":{"x":""}}]}`,
			`line 2, column 67: branches[1].files: b has the same head as a, and so the same files`,
		},
		"unknown mode": {
			repo + `"modes":{"x":"100644"}}`, `line 2, column 15: modes.x: "100644" is not 100755, 120000 or 160000`,
		},
		"renamed from nothing": {
			repo + `"pulls":[{"number":1,"state":"OPEN",` + opened + `,"paths":["a"],"renamed":{"b":"c"}}]}`,
			`line 2, column 97: pulls[0].renamed: "b" is none of its paths`,
		},
		"deployment id": {
			repo + `"deployments":[{"sha":"a"}]}`, `line 2, column 17: deployments[0].id: an id is 1 or more`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Load(strings.NewReader(c.file))
			if err == nil {
				t.Fatal("no error")
			}
			if got := err.Error(); got != "reading a world file: "+c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(smallWorld))
	f.Add([]byte(`{"repo":{"owner":"o","name":"n"},"pulls":[{"commits":[{"oid":1}]}]}`))
	f.Add([]byte(`{"repo":null,"files":{"a":1},"commits":[null]}`))
	f.Add([]byte("\x1f\x8b\x08"))
	f.Fuzz(func(t *testing.T, data []byte) {
		w, err := Load(bytes.NewReader(data))
		if err != nil {
			return
		}
		// What loads can be served.
		s, err := New(w, Options{})
		if err != nil {
			t.Fatal(err)
		}
		ask(t, s, `query($o:String!,$n:String!){repository(owner:$o,name:$n){createdAt defaultBranchRef{target{...on Commit{
		 history(first:9){nodes{oid}}}}} pullRequests(first:9){nodes{title commits(first:9){nodes{commit{oid}}}
		 timelineItems(first:9){nodes{__typename}}}} issues(first:9){nodes{timelineItems(first:9){nodes{__typename}}}}}}`,
			map[string]any{"o": w.Repo.Owner, "n": w.Repo.Name})
	})
}
