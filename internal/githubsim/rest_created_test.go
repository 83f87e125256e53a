package githubsim

import (
	"testing"
	"time"
)

func TestParseCreated(t *testing.T) {
	t.Parallel()
	instant := func(s string) time.Time {
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, c := range []struct {
		text    string
		in, out []string
	}{
		{
			"2026-05-01",
			[]string{"2026-05-01T00:00:00Z", "2026-05-01T23:59:59Z"},
			[]string{"2026-04-30T23:59:59Z", "2026-05-02T00:00:00Z"},
		},
		{">=2026-05-01", []string{"2026-05-01T00:00:00Z", "2030-01-01T00:00:00Z"}, []string{"2026-04-30T23:59:59Z"}},
		{">2026-05-01", []string{"2026-05-02T00:00:00Z"}, []string{"2026-05-01T23:59:59Z"}},
		{"<=2026-05-01", []string{"2026-05-01T23:59:59Z"}, []string{"2026-05-02T00:00:00Z"}},
		{"<2026-05-01", []string{"2026-04-30T23:59:59Z"}, []string{"2026-05-01T00:00:00Z"}},
		// Both ends belong to a range.
		{
			"2026-05-01..2026-05-02",
			[]string{"2026-05-01T00:00:00Z", "2026-05-02T23:59:59Z"},
			[]string{"2026-05-03T00:00:00Z"},
		},
		{
			"2026-05-01T10:00:00Z..2026-05-01T11:00:00Z",
			[]string{"2026-05-01T10:00:00Z", "2026-05-01T11:00:00Z"},
			[]string{"2026-05-01T09:59:59Z", "2026-05-01T11:00:01Z"},
		},
		{">2026-05-01T10:00:00Z", []string{"2026-05-01T10:00:01Z"}, []string{"2026-05-01T10:00:00Z"}},
		{"<=2026-05-01T10:00:00Z", []string{"2026-05-01T10:00:00Z"}, []string{"2026-05-01T10:00:01Z"}},
		// 10:00 at two hours east of Greenwich is 08:00 UTC.
		{">=2026-05-01T10:00:00+02:00", []string{"2026-05-01T08:00:00Z"}, []string{"2026-05-01T07:59:59Z"}},
		{"*..2026-05-01", []string{"1999-01-01T00:00:00Z"}, []string{"2026-05-02T00:00:00Z"}},
		{"2026-05-01..*", []string{"2099-01-01T00:00:00Z"}, []string{"2026-04-30T00:00:00Z"}},
		// A range that ends before it begins holds nothing.
		{"2026-05-02..2026-05-01", nil, []string{"2026-05-01T12:00:00Z", "2026-05-02T12:00:00Z"}},
	} {
		r, err := parseCreated(c.text)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		for _, s := range c.in {
			if !r.contains(instant(s)) {
				t.Errorf("%q does not contain %s", c.text, s)
			}
		}
		for _, s := range c.out {
			if r.contains(instant(s)) {
				t.Errorf("%q contains %s", c.text, s)
			}
		}
	}
	for _, text := range []string{
		"", "yesterday", "*..*", "..", "2026-05-01..", "2026-13-01", ">", "><2026-05-01", "2026-05-01 10:00:00 02:00",
		"2026-05-01...2026-05-02",
	} {
		if r, err := parseCreated(text); err == nil {
			t.Errorf("%q was read as %v, want an error", text, r)
		}
	}
}

func FuzzParseCreated(f *testing.F) {
	for _, seed := range []string{
		"2026-05-01", ">=2026-05-01", "2026-05-01..*", "2026-05-01T00:00:00Z..2026-05-02", "<>=",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := parseCreated(text)
		if err != nil {
			return
		}
		if r.from.IsZero() && r.to.IsZero() {
			t.Errorf("%q bounds nothing", text)
		}
		// What the bounds say is what is contained: the first instant is in, the one after the last is out.
		if !r.from.IsZero() && (r.to.IsZero() || r.from.Before(r.to)) && !r.contains(r.from) {
			t.Errorf("%q does not contain its beginning", text)
		}
		if !r.to.IsZero() && r.contains(r.to) {
			t.Errorf("%q contains its end", text)
		}
	})
}
