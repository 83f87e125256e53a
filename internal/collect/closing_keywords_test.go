package collect

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"kpi-gate/internal/model"
)

var parcels = model.Repository{
	Owner: "Octo-Org", Name: "parcel.tracker", URL: "https://github.com/Octo-Org/parcel.tracker",
}

func TestCloses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		// own and foreign say whether the text closes issue 12 when it is the repository's own or another's.
		own, foreign bool
	}{
		{"close #12", true, false},
		{"closes #12", true, false},
		{"closed #12", true, false},
		{"fix #12", true, false},
		{"fixes #12", true, false},
		{"fixed #12", true, false},
		{"resolve #12", true, false},
		{"resolves #12", true, false},
		{"Resolved: #12", true, false},
		{"CLOSES:#12", true, false},
		{"This fixes  #7, and fixes\t#12.", true, false},
		{"Fixes octo-org/Parcel.Tracker#12", true, true},
		{"Fixes https://github.com/octo-org/parcel.tracker/issues/12", true, true},
		{"Fixes https://github.com/octo-org/parcel.tracker/issues/12#issuecomment-1", true, true},
		{"first line\nfixes #12\nlast line", true, false},
		{"(fixes #12)", true, false},

		{"", false, false},
		{"#12", false, false},
		{"see #12", false, false},
		{"fixes 12", false, false},
		{"fixes#12", false, false},
		{"fixes # 12", false, false},
		{"fixes #123", false, false},
		{"fixes #12a", false, false},
		{"fixes #99999999999999999999999912", false, false},
		{"hotfixes #12", false, false},
		{"auto-fixes #12", false, false},
		{"fixing #12", false, false},
		{"closing: #12", false, false},
		{"fixes issue #12", false, false},
		{"fixes #7 and #12", false, false},
		{"fixes other/repo#12", false, false},
		{"fixes https://github.com/other/repo/issues/12", false, false},
		{"fixes https://example.com/octo-org/parcel.tracker/issues/12", false, false},
		{"fixes https://github.com/octo-org/parcel.tracker/pull/12", false, false},
	}
	for _, tt := range tests {
		if got := slices.Contains(closes(tt.text, true, parcels), 12); got != tt.own {
			t.Errorf("own text %q: got %v, want %v", tt.text, got, tt.own)
		}
		if got := slices.Contains(closes(tt.text, false, parcels), 12); got != tt.foreign {
			t.Errorf("another repository's text %q: got %v, want %v", tt.text, got, tt.foreign)
		}
	}
}

// FuzzCloses requires that a sentence which closes an issue is found whatever stands before and after it, and that no
// text closes an issue that it does not hold the number of.
func FuzzCloses(f *testing.F) {
	for _, text := range []string{"", "closes #1", "fixes a/b#", parcels.URL + "/issues/", "ſ\xff"} {
		f.Add(text, uint16(12))
	}
	f.Fuzz(func(t *testing.T, text string, number uint16) {
		sentence := fmt.Sprintf("%s closes #%d, %s", text, number, text)
		if !slices.Contains(closes(sentence, true, parcels), int(number)) {
			t.Errorf("%q does not close %d", sentence, number)
		}
		for _, n := range closes(text, true, parcels) {
			if n < 0 || !strings.Contains(strings.TrimLeft(text, "0"), strings.TrimLeft(strconv.Itoa(n), "0")) {
				t.Errorf("%q closes %d, which it does not hold", text, n)
			}
		}
	})
}
