package githubsim

import (
	"encoding/json"
	"fmt"
	"testing"
)

func TestListPullFiles(t *testing.T) {
	t.Parallel()
	w := octo()
	w.Pulls = []Pull{{
		Number: 1, State: "OPEN", CreatedAt: day(1), Author: new("ann"), HeadRefName: "fix", Fork: true,
		Paths: []string{"docs/a b.md", "src/c.go"}, Renamed: map[string]string{"docs/a b.md": "src/a.go"},
	}, {Number: 2, State: "OPEN", CreatedAt: day(1)}}
	for i := range 3001 {
		w.Pulls[1].Paths = append(w.Pulls[1].Paths, fmt.Sprintf("%04d", i))
	}
	w.Issues = []Issue{{Number: 3, State: "OPEN", CreatedAt: day(1)}}
	s := serverOf(t, w, Options{})
	type file struct{ Filename, Previous_filename, Status string } //nolint:revive // GitHub's name.
	files := fetched[[]file](t, s, "/repos/octo/parcels/pulls/1/files")
	if fmt.Sprint(files) != "[{docs/a b.md src/a.go renamed} {src/c.go  modified}]" {
		t.Errorf("files %v", files)
	}
	if last := decoded[[]file](t, s, "/repos/octo/parcels/pulls/2/files?per_page=100&page=30"); len(last) != 100 {
		t.Errorf("%d files on the last page of 3,000, want 100", len(last))
	}
	if more := decoded[[]file](t, s, "/repos/octo/parcels/pulls/2/files?per_page=100&page=31"); len(more) != 0 {
		t.Errorf("%d files beyond 3,000", len(more))
	}
	if served := fetch(t, s, "/repos/octo/parcels/pulls/3/files"); served.Code != 404 {
		t.Errorf("files of an issue: %d", served.Code)
	}
	denied := serverOf(t, w, Options{Denied: []string{"pull-requests"}})
	if served := fetch(t, denied, "/repos/octo/parcels/pulls/1/files"); served.Code != 403 {
		t.Errorf("without the permission: %d", served.Code)
	}
}

// The head of a pull request from a fork is in its author's repository.
func TestForkedPull(t *testing.T) {
	t.Parallel()
	w := octo()
	w.Pulls = []Pull{
		{Number: 1, State: "OPEN", CreatedAt: day(1), Author: new("ann"), HeadRefName: "fix", Fork: true},
		{Number: 2, State: "OPEN", CreatedAt: day(1), Author: new("ann"), HeadRefName: "fix"},
	}
	s := serverOf(t, w, Options{})
	want(t, repo(t, s, `a:pullRequest(number:1){isCrossRepository} b:pullRequest(number:2){isCrossRepository}`),
		`{"a":{"isCrossRepository":true},"b":{"isCrossRepository":false}}`)
	for number, expected := range map[int]string{
		1: `{"label":"ann:fix","repo":{"fork":true,"full_name":"ann/parcels"}}`,
		2: `{"label":"octo:fix","repo":{"fork":false,"full_name":"octo/parcels"}}`,
	} {
		served := fetched[struct{ Head json.RawMessage }](t, s, fmt.Sprintf("/repos/octo/parcels/pulls/%d", number))
		var head struct {
			Label string `json:"label"`
			Repo  struct {
				Fork     bool   `json:"fork"`
				FullName string `json:"full_name"`
			} `json:"repo"`
		}
		if err := json.Unmarshal(served.Head, &head); err != nil {
			t.Fatal(err)
		}
		want(t, head, expected)
	}
}
