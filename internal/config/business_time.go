package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	// The zones are part of the program: an image or a machine need not have them.
	_ "time/tzdata"

	"github.com/goccy/go-yaml/ast"

	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
)

// businessTime reads which hours are worked, and for which KPIs only these count:
//
//	{ zone: Europe/Berlin, days: mon-fri, hours: 09:00-17:00, holidays: [2026-12-25], kpis: [pickup-time, bug-*] }
func (c *Config) businessTime() reader {
	var b kpi.BusinessTime
	mapping := fields(
		field{
			name: "zone", required: true, reader: text(takeZone(&b.Zone)),
			about: "Time zone by its IANA name, such as Europe/Berlin.",
		},
		field{
			name: "days", reader: textOrTexts(takeDays(&b.Days)),
			about: "Working days, such as mon-fri or [mon, thu]: mon-fri without it.",
		},
		field{name: "hours", reader: text(takeHours(&b.From, &b.To)), about: "Working hours: 09:00-17:00 without it."},
		field{
			name: "holidays", reader: texts(takeHoliday(&b.Holidays)),
			about: "Days that are not worked, such as 2026-12-25.",
		},
		field{
			name: "kpis", required: true, reader: texts(c.takeCounted(&b.KPIs)),
			about: "KPIs whose lengths count working time only: ids or globs. A day in their benchmarks is a working day.",
		},
	)
	read := mapping.read
	mapping.read = func(d *document, n ast.Node) {
		b = kpi.BusinessTime{From: 9 * time.Hour, To: 17 * time.Hour, Holidays: map[string]bool{}}
		read(d, n)
	}
	return mapping.ifRight(func() {
		if b.Days == [7]bool{} {
			for day := time.Monday; day <= time.Friday; day++ {
				b.Days[day] = true
			}
		}
		taken := b
		c.Policy.BusinessTime = &taken
	})
}

// nearZones are the zones that a misspelt one is compared with: one for most of the world's working hours. There are
// hundreds more, and all can be used.
var nearZones = strings.Fields(`UTC
	Africa/Cairo Africa/Johannesburg Africa/Lagos Africa/Nairobi
	America/Bogota America/Chicago America/Denver America/Los_Angeles America/Mexico_City America/New_York
	America/Sao_Paulo America/Toronto
	Asia/Dubai Asia/Hong_Kong Asia/Jakarta Asia/Jerusalem Asia/Karachi Asia/Kolkata Asia/Manila Asia/Seoul Asia/Shanghai
	Asia/Singapore Asia/Taipei Asia/Tokyo
	Australia/Melbourne Australia/Sydney
	Europe/Amsterdam Europe/Athens Europe/Berlin Europe/Dublin Europe/Istanbul Europe/Kyiv Europe/Lisbon Europe/London
	Europe/Madrid Europe/Paris Europe/Prague Europe/Rome Europe/Stockholm Europe/Vienna Europe/Warsaw Europe/Zurich
	Pacific/Auckland`)

// takeZone takes a time zone by its IANA name (https://www.iana.org/time-zones).
func takeZone(into **time.Location) taker {
	described := schema{Type: "string", MinLength: 1, Examples: []string{"Europe/Berlin"}}
	return taker{schema: described, take: func(name string) (wrong, nearest string) {
		zone, err := time.LoadLocation(name)
		// The empty name and Local stand for UTC and for the machine's own zone, which differs from run to run.
		if err != nil || name == "" || name == time.Local.String() {
			return gate.Quote(name) + " is not the name of a time zone, such as Europe/Berlin or UTC",
				nearestFold(name, nearZones)
		}
		*into = zone
		return "", ""
	}}
}

// nearestFold is gate.Nearest among names with capitals.
func nearestFold(text string, names []string) string {
	folded := make([]string, len(names))
	for i, name := range names {
		folded[i] = strings.ToLower(name)
	}
	if i := slices.Index(folded, gate.Nearest(text, folded)); i >= 0 {
		return names[i]
	}
	return ""
}

// weekdays are the days as they are written, by time.Weekday.
var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// dayPattern is a day or a range of days, as the schema has it.
const dayPattern = "^(sun|mon|tue|wed|thu|fri|sat)(-(sun|mon|tue|wed|thu|fri|sat))?$"

// takeDays takes a day or a range of days, such as mon-fri; a range may go over the end of the week.
func takeDays(into *[7]bool) taker {
	return taker{schema: schema{Type: "string", Pattern: dayPattern}, take: func(days string) (wrong, nearest string) {
		first, last, isRange := strings.Cut(days, "-")
		if !isRange {
			last = first
		}
		from, to := slices.Index(weekdays, first), slices.Index(weekdays, last)
		if from < 0 || to < 0 {
			return gate.Quote(days) + " is neither a day nor a range of days: mon, tue, wed, thu, fri, sat, sun, or" +
					" such as mon-fri; several stand in a list, such as [mon, thu]",
				nearestDays(days)
		}
		for day := from; ; day = (day + 1) % len(weekdays) {
			into[day] = true
			if day == to {
				return "", ""
			}
		}
	}}
}

// dayRange is a range of days as people write it: Mon - Fri, monday to friday.
var dayRange = regexp.MustCompile(`^([a-z]+) *(?:-|–|to) *([a-z]+)$`)

// nearestDays is the day or the range that may have been meant.
func nearestDays(days string) string {
	days = strings.ToLower(days)
	if m := dayRange.FindStringSubmatch(days); m != nil {
		if from, to := shortDay(m[1]), shortDay(m[2]); from != "" && to != "" {
			return from + "-" + to
		}
	}
	return shortDay(days)
}

// shortDay is the day whose name begins so, as it is written here: mon for monday, mondays and mond; else empty.
func shortDay(word string) string {
	for day, short := range weekdays {
		name := strings.ToLower(time.Weekday(day).String())
		if strings.HasPrefix(word, short) && strings.HasPrefix(name+"s", word) {
			return short
		}
	}
	return ""
}

// hours are the hours of a working day: 09:00-17:00.
var hours = regexp.MustCompile(`^([0-9]{1,2}):([0-5][0-9])-([0-9]{1,2}):([0-5][0-9])$`)

func takeHours(from, to *time.Duration) taker {
	return taker{schema: schema{Type: "string", Pattern: hours.String()}, take: func(text string) (wrong, nearest string) {
		m := hours.FindStringSubmatch(text)
		if m == nil {
			return gate.Quote(text) + " is not a range of hours, such as 09:00-17:00", ""
		}
		begin, err := time.ParseDuration(m[1] + "h" + m[2] + "m")
		end, otherErr := time.ParseDuration(m[3] + "h" + m[4] + "m")
		switch {
		case err != nil || otherErr != nil || end > 24*time.Hour:
			return "a day ends at 24:00", ""
		case begin >= end:
			return "the first hour must be before the last: working hours do not go over midnight", ""
		}
		*from, *to = begin, end
		return "", ""
	}}
}

// takeHoliday takes a day that is not worked.
func takeHoliday(into *map[string]bool) taker {
	return taker{schema: date(new(time.Time)).schema, take: func(day string) (wrong, nearest string) {
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			return gate.Quote(day) + " is not a day such as 2026-12-25", ""
		}
		(*into)[day] = true
		return "", ""
	}}
}

// takeCounted takes a glob that names KPIs whose lengths can count in working time.
func (c *Config) takeCounted(into *kpi.Globs) taker {
	return taker{schema: schema{Type: "string", MinLength: 1}, take: func(glob string) (wrong, nearest string) {
		if wrong = gate.GlobMistake(glob); wrong != "" {
			return wrong, ""
		}
		var matches, countable []string
		for _, k := range c.KPIs.All() {
			if (&kpi.BusinessTime{KPIs: kpi.Globs{"*"}}).Counts(k) {
				countable = append(countable, k.ID)
			}
			if (kpi.Globs{glob}).Match(k.ID) {
				matches = append(matches, k.ID)
			}
		}
		switch {
		case slices.ContainsFunc(matches, func(id string) bool { return slices.Contains(countable, id) }):
			*into = append(*into, glob)
			return "", ""
		case len(matches) > 0:
			return fmt.Sprintf("%s has no lengths of time that could count in working hours", matches[0]), ""
		default:
			return gate.UnknownKPI(glob, countable)
		}
	}}
}
