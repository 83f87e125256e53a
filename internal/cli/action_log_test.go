package cli

import (
	"strings"
	"testing"
)

// TestLogLines: text that reaches the log must not be a command for the runner or the terminal, whatever it holds and
// however it is split between writes.
func TestLogLines(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]string{
		"ci: 3 read\n":                  "ci: 3 read\n",
		"::error::x\n":                  ": :error::x\n",
		" \t\u00a0::stop-commands::x\n": " \t\u00a0: :stop-commands::x\n",
		"a ::error::x\n":                "a ::error::x\n", // not at the start: no command
		"a ##[error]x\n":                "a # #[error]x\n",
		"a\r::error::x\r\n":             "a\r: :error::x\r\n", // the runner ends lines at \r too
		"::::x":                         ": :::x",
		"\x1b[31mred\x07\u009b2J\tx\n":  "[31mred2J\tx\n",
		"\x00::error::x\n":              ": :error::x\n", // a command once the control character is gone
		"#\x00#[error]x\n":              "# #[error]x\n",
		"#\u200b#[error]x\n":            "# #[error]x\n",
		"\ufeff::error::x\n":            ": :error::x\n",
		"\u202egnp.exe\u2066\u200f\n":   "gnp.exe\n", // would be read backwards
		"a\u2028::error::x\n":           "a ::error::x\n",
		"👩\u200d🚀 می\u200cخواهم\n":      "👩\u200d🚀 می\u200cخواهم\n",
	} {
		for _, size := range []int{1, 3, 100} {
			var out strings.Builder
			log := &logWriter{to: &out}
			for rest := written; rest != ""; {
				n := min(size, len(rest))
				if _, err := log.Write([]byte(rest[:n])); err != nil {
					t.Fatal(err)
				}
				rest = rest[n:]
			}
			if err := log.Close(); err != nil {
				t.Fatal(err)
			}
			if out.String() != want {
				t.Errorf("%q in writes of %d became %q, want %q", written, size, out.String(), want)
			}
		}
	}
}
