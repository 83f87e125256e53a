package publish

import (
	"strings"
	"testing"
)

// TestMarker: a marker is found at the beginning of a body alone.
func TestMarker(t *testing.T) {
	t.Parallel()
	gate, says := digest("gate"), digest("says")
	body := marked(gate, says, "Gate red\n")
	for _, tt := range []struct {
		name, body string
		found      bool
		asWritten  bool
	}{
		{"as written", body, true, true},
		{"with the ends of lines of the web", strings.ReplaceAll(body, "\n", "\r\n"), true, true},
		{"without the end of its last line", strings.TrimSpace(body), true, true},
		{"with something added", body + "\nmore", true, false},
		{"the marker alone", strings.SplitN(body, "\n", 2)[0], true, false},
		{"quoted", "> " + body, false, false},
		{"after something", "\n" + body, false, false},
		{"of no gate", strings.Replace(body, "gate="+gate, "gate=", 1), false, false},
		{"with something in it", strings.Replace(body, " -->", " x -->", 1), false, false},
		{"empty", "", false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m, found := markerOf(tt.body)
			if found != tt.found || isAsWritten(tt.body) != tt.asWritten {
				t.Errorf("found %v, as written %v, want %v and %v", found, isAsWritten(tt.body), tt.found, tt.asWritten)
			}
			if found && (m.gate != gate || m.says != says) {
				t.Errorf("marker %+v", m)
			}
		})
	}
}

// FuzzMarker: a body is found again by its own gate, whatever the gate and the text are, and nothing in either ends the
// marker or makes another.
func FuzzMarker(f *testing.F) {
	for _, seed := range []string{
		"", "CI / gate", "-->", "--!>", "<!-- kpi-gate: gate=", "a\r\nb", "@all #1", "\u202e\x00", "kpi-gate -->\n<script>",
	} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, gate, text string) {
		body := marked(digest(gate), digest(text), text)
		first, below, _ := strings.Cut(body, "\n")
		if below != text || strings.Count(first, "--") != 2 || !isAsWritten(body) {
			t.Errorf("gate %q and text %q give %q", gate, text, body)
		}
		if m, found := markerOf(body); !found || m.gate != digest(gate) || m.says != digest(text) {
			t.Errorf("gate %q and text %q are found as %+v, %v", gate, text, m, found)
		}
	})
}
