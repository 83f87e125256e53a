package model_test

import (
	"reflect"
	"testing"

	"kpi-gate/internal/model"
)

func TestRevertedPullRequests(t *testing.T) {
	t.Parallel()
	r := model.Repository{Owner: "Octo-Org", Name: "parcel.tracker"}
	for body, want := range map[string][]int{
		"Reverts #12":                               {12},
		"Reverts octo-org/parcel.tracker#12":        {12},
		"Reverts other/parcel.tracker#12":           nil,
		"reverts #1, and reverts\n#2":               {1, 2},
		"Reverts 12":                                nil,
		"Reverts #12a":                              nil,
		"unreverts #12":                             nil,
		"Reverts #99999999999999999999 reverts #3!": {3},
	} {
		if got := r.RevertedPullRequests(body); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: got %v, want %v", body, got, want)
		}
	}
}

func TestRevertedCommits(t *testing.T) {
	t.Parallel()
	for message, want := range map[string][]string{
		"Revert \"x\"\n\nThis reverts commit ABCDEF0123.":              {"abcdef0123"},
		"This reverts commit abcdef (six digits are too few)":          nil,
		"this reverts commit 1234567 and this reverts commit 7654321.": {"1234567", "7654321"},
		"This reverts commit 1234567g":                                 nil,
	} {
		if got := model.RevertedCommits(message); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: got %v, want %v", message, got, want)
		}
	}
}
