package kpi

import (
	"slices"
	"testing"
	"time"
	_ "time/tzdata" // Zones must be the same wherever the tests run.

	"pgregory.net/rapid"

	"kpi-gate/internal/model"
)

// zone loads a time zone.
func zone(t interface{ Fatal(args ...any) }, name string) *time.Location {
	location, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return location
}

// monToFri are the usual working days.
var monToFri = [7]bool{
	time.Monday: true, time.Tuesday: true, time.Wednesday: true, time.Thursday: true, time.Friday: true,
}

// everyDay is a week without days off.
var everyDay = [7]bool{true, true, true, true, true, true, true}

// longAfter is an instant long after those of the tests.
var longAfter = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)

// instant reads 2026-01-10T09:00 of a zone.
func instant(t interface{ Fatal(args ...any) }, text string, in *time.Location) time.Time {
	at, err := time.ParseInLocation("2006-01-02T15:04", text, in)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestCalendarBetween(t *testing.T) {
	t.Parallel()
	const h = time.Hour
	type times struct {
		name     string
		from, to string // wall-clock times of the zone; with a Z, UTC
		want     time.Duration
	}
	for _, group := range []struct {
		name     string
		zone     string
		days     [7]bool
		from, to time.Duration
		times    []times
	}{
		// January 2026: the 5th is a Monday, the 9th a Friday; the 6th is a holiday below, and the 1st.
		{"9 to 17, Monday to Friday, in Berlin", "Europe/Berlin", monToFri, 9 * h, 17 * h, []times{
			{"nothing", "2026-01-07T10:00", "2026-01-07T10:00", 0},
			{"within a day", "2026-01-07T10:00", "2026-01-07T12:30", 2*h + 30*time.Minute},
			{"a whole day", "2026-01-07T09:00", "2026-01-07T17:00", 8 * h},
			{"midnight to midnight", "2026-01-07T00:00", "2026-01-08T00:00", 8 * h},
			{"evening to morning: 1 + 1", "2026-01-07T16:00", "2026-01-08T10:00", 2 * h},
			{"over a weekend: Friday 1, Monday 2", "2026-01-09T16:00", "2026-01-12T11:00", 3 * h},
			{"over a holiday: Monday 5, not the 6th, Wednesday 1", "2026-01-05T12:00", "2026-01-07T10:00", 6 * h},
			{"a week: Monday to Friday, 5 · 8", "2026-01-12T00:00", "2026-01-19T00:00", 40 * h},
			{"a week with a holiday: 4 · 8", "2026-01-05T00:00", "2026-01-12T00:00", 32 * h},
			{"opened in the evening, closed at noon", "2026-01-07T22:00", "2026-01-08T12:00", 3 * h},
			{"opened before work, closed at noon", "2026-01-07T05:00", "2026-01-07T12:00", 3 * h},
			{"opened on Sunday, closed on Monday morning", "2026-01-11T12:00", "2026-01-12T09:30", 30 * time.Minute},
			{"opened on a holiday, closed the day after", "2026-01-06T11:00", "2026-01-07T11:00", 2 * h},
			{"opened and closed in one evening", "2026-01-07T18:00", "2026-01-07T23:00", 0},
			{"opened and closed on a weekend", "2026-01-10T10:00", "2026-01-11T16:00", 0},
			{"opened and closed on a holiday", "2026-01-06T10:00", "2026-01-06T16:00", 0},
			{"opened after work, closed before work", "2026-01-07T17:00", "2026-01-08T09:00", 0},
			{"over the new year: 31 December 8, not the 1st, Friday 1", "2025-12-31T09:00", "2026-01-02T10:00", 9 * h},
			// In UTC Berlin's day is from 8 to 16 in winter, from 7 to 15 in summer.
			{"in UTC, winter", "2026-01-07T07:00Z", "2026-01-07T09:00Z", 1 * h},
			{"in UTC, summer", "2026-07-08T07:00Z", "2026-07-08T09:00Z", 2 * h},
			// Clocks go forward on Sunday 29 March 2026, back on Sunday 25 October: not at work.
			{"over spring: Friday 8, Monday 8", "2026-03-27T09:00", "2026-03-30T17:00", 16 * h},
			{"over fall: Friday 8, Monday 8", "2026-10-23T09:00", "2026-10-26T17:00", 16 * h},
		}},
		{"9 to 17, every day, in Berlin", "Europe/Berlin", everyDay, 9 * h, 17 * h, []times{
			{"the day of spring, whose night is short: 8", "2026-03-29T00:00", "2026-03-30T00:00", 8 * h},
			{"the day of fall, whose night is long: 8", "2026-10-25T00:00", "2026-10-26T00:00", 8 * h},
		}},
		{"0 to 24, every day, in Berlin", "Europe/Berlin", everyDay, 0, 24 * h, []times{
			{"a day", "2026-03-28T00:00", "2026-03-29T00:00", 24 * h},
			{"the day of spring: 23", "2026-03-29T00:00", "2026-03-30T00:00", 23 * h},
			{"the day of fall: 25", "2026-10-25T00:00", "2026-10-26T00:00", 25 * h},
			{"1 to 4 where 2 to 3 is not there", "2026-03-29T01:00", "2026-03-29T04:00", 2 * h},
			{"1 to 4 where 2 to 3 is there twice", "2026-10-25T01:00", "2026-10-25T04:00", 4 * h},
			{"a leap year less a holiday: 365 · 24", "2028-01-01T00:00", "2029-01-01T00:00", 365 * 24 * h},
		}},
		{"2:30 to 10, every day, in Berlin", "Europe/Berlin", everyDay, 2*h + 30*time.Minute, 10 * h, []times{
			{"the day of spring, when clocks jump from 2 to 3: 3 to 10", "2026-03-29T00:00", "2026-03-30T00:00", 7 * h},
			// 2:30 to 3:00, then clocks show 2:00 to 2:30, which is not worked, and 2:30 to 10:00.
			{"the day of fall: 0.5 + 7.5", "2026-10-25T00:00", "2026-10-26T00:00", 8 * h},
		}},
		{"0 to 24, Monday to Friday, in New York", "America/New_York", monToFri, 0, 24 * h, []times{
			// Clocks go forward on Sunday 8 March 2026, back on Sunday 1 November.
			{"Friday noon to Monday noon over spring", "2026-03-06T12:00", "2026-03-09T12:00", 24 * h},
			{"Friday noon to Monday noon over fall", "2026-10-30T12:00", "2026-11-02T12:00", 24 * h},
		}},
		{"0 to 24, Sundays, in New York", "America/New_York", [7]bool{time.Sunday: true}, 0, 24 * h, []times{
			{"spring: 23", "2026-03-01T12:00", "2026-03-14T12:00", (12 + 23) * h},
			{"fall: 25", "2026-10-31T12:00", "2026-11-07T12:00", 25 * h},
		}},
		{"9 to 17, Monday to Friday, in Auckland", "Pacific/Auckland", monToFri, 9 * h, 17 * h, []times{
			// In January Auckland is 13 hours ahead: its Monday from 9 to 17 is UTC's Sunday 20:00 to Monday 4:00.
			{"Sunday in UTC is Monday", "2026-01-11T00:00Z", "2026-01-12T00:00Z", 4 * h},
			{"Monday in UTC: Monday's other half, Tuesday's first", "2026-01-12T00:00Z", "2026-01-13T00:00Z", 8 * h},
			{"Friday in UTC: Friday's other half", "2026-01-09T00:00Z", "2026-01-10T00:00Z", 4 * h},
			{"Saturday in UTC", "2026-01-10T00:00Z", "2026-01-11T00:00Z", 0},
			// The 6th there is from the 5th 11:00 to the 6th 11:00 in UTC.
			{"the holiday is the zone's day", "2026-01-05T11:00Z", "2026-01-06T11:00Z", 0},
			{"the day of UTC on which it is: 4 of the 7th", "2026-01-06T00:00Z", "2026-01-07T00:00Z", 4 * h},
		}},
		{"0 to 24, every day, in Apia", "Pacific/Apia", everyDay, 0, 24 * h, []times{
			// Samoa went from 29 to 31 December 2011, over the date line.
			{"the day that was left out", "2011-12-29T12:00", "2011-12-31T12:00", 24 * h},
		}},
		{"18 to 24, every day, in UTC", "UTC", everyDay, 18 * h, 24 * h, []times{
			{"a night: 6 before midnight", "2026-01-07T12:00", "2026-01-08T12:00", 6 * h},
			{"up to midnight", "2026-01-07T20:00", "2026-01-08T00:00", 4 * h},
		}},
		{"9 to 17, Monday to Friday, in UTC", "UTC", monToFri, 9 * h, 17 * h, []times{
			// 1 January 1970 was a Thursday: 8 on that day, 8 on Friday, 1 on Monday.
			{"from before 1970 counts from 1970", "1965-05-05T00:00", "1970-01-05T10:00", 17 * h},
			{"all before 1970", "1965-05-05T00:00", "1969-05-05T00:00", 0},
			{"a long time after the report", "2031-02-01T00:00", "2231-02-01T00:00", 0},
		}},
		{"no hour", "UTC", everyDay, 9 * h, 9 * h, []times{{"a day", "2026-01-07T00:00", "2026-01-08T00:00", 0}}},
		{"no day", "UTC", [7]bool{}, 9 * h, 17 * h, []times{{"a day", "2026-01-07T00:00", "2026-01-08T00:00", 0}}},
	} {
		in := zone(t, group.zone)
		calendar := newCalendar(&BusinessTime{
			Zone: in, Days: group.days, From: group.from, To: group.to,
			Holidays: map[string]bool{
				"2026-01-01": true, "2026-01-06": true, "2028-05-01": true, "2026-01-08": false, "": true,
			},
		}, longAfter)
		for _, test := range group.times {
			at := func(text string) time.Time {
				if last := len(text) - 1; text[last] == 'Z' {
					return instant(t, text[:last], time.UTC)
				}
				return instant(t, text, in)
			}
			if got := calendar.between(at(test.from), at(test.to)); got != test.want {
				t.Errorf("%s: %s: got %v, want %v", group.name, test.name, got, test.want)
			}
		}
	}
}

// Times of facts are whole seconds; an until need not be.
func TestCalendarCountsParts(t *testing.T) {
	t.Parallel()
	hours := &BusinessTime{Zone: time.UTC, Days: everyDay, From: 9 * time.Hour, To: 17 * time.Hour}
	calendar := newCalendar(hours, longAfter)
	nine := time.Date(2026, 1, 7, 9, 0, 0, 0, time.UTC)
	for _, test := range []struct{ from, to, want time.Duration }{
		{-1, 1, 1},
		{time.Second - 1, time.Second + 1, 2},
		{8*time.Hour - 1, 8*time.Hour + 1, 1},
		{time.Minute, time.Minute + 1500*time.Millisecond, 1500 * time.Millisecond},
	} {
		if got := calendar.between(nine.Add(test.from), nine.Add(test.to)); got != test.want {
			t.Errorf("%v to %v after nine: got %v, want %v", test.from, test.to, got, test.want)
		}
	}
}

func TestWorkingDayAndWeek(t *testing.T) {
	t.Parallel()
	b := &BusinessTime{Zone: time.UTC, Days: monToFri, From: 9 * time.Hour, To: 17*time.Hour + 30*time.Minute}
	if got, want := b.Day(), 8*time.Hour+30*time.Minute; got != want {
		t.Errorf("9:00 to 17:30: got %v, want %v", got, want)
	}
	// 5 · 8.5 h = 42.5 h.
	if got, want := b.Week(), 42*time.Hour+30*time.Minute; got != want {
		t.Errorf("Monday to Friday: got %v, want %v", got, want)
	}
}

func TestBusinessTimeCounts(t *testing.T) {
	t.Parallel()
	b := &BusinessTime{KPIs: Globs{"pickup-time", "bug-*", "pull-request-*"}}
	for _, test := range []struct {
		id   string
		want bool
	}{
		{"pickup-time", true},
		{"review-time", false},
		{"bug-time-to-resolve", true},
		{"bug-age", true},      // an amount, but of time
		{"bug-backlog", false}, // no length
		{"bug-resolved", false},
		{"pull-request-cycle-time", true},
		{"pull-request-size", false}, // lines
	} {
		d := BuiltIn().Find(test.id)
		if got := b.Counts(d); got != test.want {
			t.Errorf("%s: got %v, want %v", test.id, got, test.want)
		}
		if (*BusinessTime)(nil).Counts(d) {
			t.Errorf("%s counts in working hours where none are configured", test.id)
		}
	}
}

// changes are zones and a date near which their clocks change, some of them at midnight, by half an hour, or over the
// date line.
var changes = []struct{ zone, date string }{
	{"Europe/Berlin", "2026-03-29"},
	{"Europe/Berlin", "2026-10-25"},
	{"America/New_York", "2026-03-08"},
	{"America/New_York", "2026-11-01"},
	{"America/Sao_Paulo", "2018-02-18"},
	{"America/Sao_Paulo", "2018-11-04"},
	{"Australia/Lord_Howe", "2026-04-05"},
	{"Australia/Lord_Howe", "2026-10-04"},
	{"Pacific/Auckland", "2026-04-05"},
	{"Pacific/Apia", "2011-12-30"},
	{"Africa/Casablanca", "2026-02-15"},
	{"Asia/Kolkata", "2026-01-06"},
	{"UTC", "2026-01-06"},
}

// drawHours draws working hours and a moment of a day near which clocks change.
func drawHours(t *rapid.T) (*BusinessTime, time.Time) {
	change := rapid.SampledFrom(changes).Draw(t, "change")
	// Quarters of an hour.
	from := rapid.IntRange(0, 95).Draw(t, "from")
	to := rapid.IntRange(from, 96).Draw(t, "to")
	b := &BusinessTime{
		Zone: zone(t, change.zone),
		From: time.Duration(from) * 15 * time.Minute, To: time.Duration(to) * 15 * time.Minute,
		Holidays: map[string]bool{},
	}
	for weekday := range b.Days {
		b.Days[weekday] = rapid.IntRange(0, 3).Draw(t, "works") > 0
	}
	noon := instant(t, change.date+"T12:00", time.UTC)
	if rapid.Bool().Draw(t, "holiday") {
		b.Holidays[noon.AddDate(0, 0, rapid.IntRange(-2, 2).Draw(t, "off")).Format(time.DateOnly)] = true
	}
	return b, noon
}

// walked is the working time of [from, to) by looking at the clock every minute.
func walked(b *BusinessTime, from, to time.Time) time.Duration {
	minutes := time.Duration(0)
	for at := from.In(b.Zone); at.Before(to); at = at.Add(time.Minute) {
		clock := time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute
		if b.Days[at.Weekday()] && !b.Holidays[at.Format(time.DateOnly)] && clock >= b.From && clock < b.To {
			minutes++
		}
	}
	return minutes * time.Minute
}

func TestCalendarIsTheClock(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b, noon := drawHours(t)
		from := noon.Add(time.Duration(rapid.IntRange(-4*24*60, 2*24*60).Draw(t, "since")) * time.Minute)
		to := from.Add(time.Duration(rapid.IntRange(0, 4*24*60).Draw(t, "minutes")) * time.Minute)
		if got, want := newCalendar(b, noon).between(from, to), walked(b, from, to); got != want {
			t.Errorf("%v to %v: got %v, want %v", from.In(b.Zone), to.In(b.Zone), got, want)
		}
	})
}

func TestCalendarProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b, noon := drawHours(t)
		calendar := newCalendar(b, noon)
		seconds := rapid.Int64Range(-60*365*secondsPerDay, 3*365*secondsPerDay)
		if rapid.Bool().Draw(t, "near") {
			seconds = rapid.Int64Range(-3*secondsPerDay, 3*secondsPerDay)
		}
		moments := []int64{seconds.Draw(t, "one"), seconds.Draw(t, "another"), seconds.Draw(t, "a third")}
		slices.Sort(moments)
		after := func(i int) time.Time { return noon.Add(time.Duration(moments[i]) * time.Second) }
		from, middle, to := after(0), after(1), after(2)
		first, second, whole := calendar.between(from, middle), calendar.between(middle, to), calendar.between(from, to)
		if first+second != whole {
			t.Errorf("%v + %v is not %v", first, second, whole)
		}
		if first < 0 || second < 0 {
			t.Errorf("%v and %v: one is negative", first, second)
		}
		if whole > to.Sub(from) {
			t.Errorf("%v is more than the %v that went by", whole, to.Sub(from))
		}
	})
}

// A pull request's stages, each cut short by nights, weekends and changes of clocks, add up to its cycle time.
func TestStagesAddUpInWorkingHours(t *testing.T) {
	t.Parallel()
	stages := Select([]*Definition{CodingTime, PickupTime, ReviewTime, PullRequestCycleTime})
	rapid.Check(t, func(t *rapid.T) {
		b, noon := drawHours(t)
		b.KPIs = Globs{"*"}
		var moments []int64
		for _, name := range []string{"first commit", "opened", "ready", "contact", "merged"} {
			moments = append(moments, rapid.Int64Range(-6*secondsPerDay, 6*secondsPerDay).Draw(t, name))
		}
		slices.Sort(moments)
		moment := func(i int) time.Time { return noon.Add(time.Duration(moments[i]) * time.Second) }
		ann, bob := model.Actor{Login: "ann"}, model.Actor{Login: "bob"}
		snapshot := &model.Snapshot{
			Read: []model.Feed{model.PullRequests, model.Reviews},
			PullRequests: []model.PullRequest{{
				Number: 1, Author: ann, Created: moment(1), Merged: moment(4), Closed: moment(4),
				Commits: []model.PullRequestCommit{{Authored: moment(0)}},
				Events:  []model.Event{{Kind: model.ReadyForReview, At: moment(2), Actor: ann}},
				Reviews: []model.Review{{Author: bob, Submitted: moment(3)}},
			}},
		}
		policy := DefaultPolicy()
		policy.BusinessTime = b
		window := model.Window{Since: noon.AddDate(0, 0, -10), Until: noon.AddDate(0, 0, 10)}
		lengths := make([]float64, len(stages))
		for i, figures := range Compute(snapshot, policy, window, stages) {
			if figures.N != 1 || figures.Result.Day != b.Day() {
				t.Fatalf("%s: %d items, a day of %v", figures.ID, figures.N, figures.Result.Day)
			}
			lengths[i] = figures.Items[0].Value
		}
		if coding, pickup, review, cycle := lengths[0], lengths[1], lengths[2], lengths[3]; coding+pickup+review != cycle {
			t.Errorf("%v + %v + %v s is not %v s", coding, pickup, review, cycle)
		}
	})
}

func BenchmarkNewCalendar(b *testing.B) {
	hours := &BusinessTime{
		Zone: zone(b, "Europe/Berlin"), Days: monToFri, From: 9 * time.Hour, To: 17 * time.Hour,
		Holidays: map[string]bool{"2026-12-25": true, "2026-01-01": true},
	}
	for b.Loop() {
		newCalendar(hours, longAfter)
	}
}

func BenchmarkCalendarBetween(b *testing.B) {
	calendar := newCalendar(
		&BusinessTime{Zone: zone(b, "Europe/Berlin"), Days: monToFri, From: 9 * time.Hour, To: 17 * time.Hour}, longAfter)
	from, to := longAfter.AddDate(-3, 0, 0), longAfter.AddDate(0, -1, 0)
	for b.Loop() {
		calendar.between(from, to)
	}
}
