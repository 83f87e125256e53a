package render

import (
	"slices"
	"testing"
)

func TestWrapped(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in          string
		first, rest int
		want        []string
	}{
		{"", 5, 5, nil},
		{"one two three", 7, 5, []string{"one two", "three"}},
		{"one two", 3, 3, []string{"one", "two"}},
		{"abcdefgh ij", 3, 4, []string{"abc", "defg", "h ij"}},
		{"日本語 日本", 4, 4, []string{"日本", "語", "日本"}}, // two columns each
	}
	for _, test := range tests {
		if got := wrapped(test.in, test.first, test.rest); !slices.Equal(got, test.want) {
			t.Errorf("%q in %d, %d columns is %q, want %q", test.in, test.first, test.rest, got, test.want)
		}
	}
}

func TestFitted(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in    string
		width int
		want  string
	}{
		{"four", 4, "four"},
		{"fives", 4, "fiv…"},
		{"日本語", 6, "日本語"},
		{"日本語", 5, "日本…"},
		{"日本語", 4, "日…"}, // 日 and the ellipsis are 3 columns; 日本 and the ellipsis would be 5
	}
	for _, test := range tests {
		if got := fitted(test.in, test.width); got != test.want {
			t.Errorf("%q in %d columns is %q, want %q", test.in, test.width, got, test.want)
		}
	}
}
