package render

import (
	"testing"

	"kpi-gate/internal/report"
)

func TestValues(t *testing.T) {
	t.Parallel()
	tests := []struct {
		measure measure
		value   float64
		want    string
	}{
		{duration, 0, "0 s"},
		{duration, 0.4, "0.4 s"},
		{duration, 45, "45 s"},
		{duration, 59.6, "1 min"},
		{duration, 60, "1 min"},
		{duration, 125, "2 min 5 s"},
		{duration, 3599.7, "1 h"},
		{duration, 12000, "3 h 20 min"},     // 3 × 3600 + 20 × 60
		{duration, 86399, "1 d"},            // 23 h 59 min 59 s, to the minute
		{duration, 86400, "1 d"},            //
		{duration, 1051200, "12 d 4 h"},     // 12 × 86400 + 4 × 3600
		{duration, 172799, "2 d"},           // 1 d 23 h 59 min 59 s, to the hour
		{duration, 104.4 * day, "104 d"},    //
		{duration, 1204 * day, "1,204 d"},   //
		{duration, -12000, "−3 h 20 min"},   //
		{share, 6.0 / 7, "85.7 %"},          // 0.857142…
		{share, 0.85, "85 %"},               //
		{share, 0, "0 %"},                   //
		{share, 1, "100 %"},                 //
		{share, 0.9996, "99.96 %"},          // one digit would say 100 %
		{share, 0.0002, "0.02 %"},           // one digit would say 0 %
		{share, -0.125, "−12.5 %"},          //
		{share, 1.5, "150 %"},               //
		{rate, 1.4, "1.4 / day"},            //
		{rate, 250, "250 / day"},            //
		{rate, 0, "0 / day"},                //
		{rate, 0.3, "2.1 / week"},           // 0.3 × 7
		{rate, 1.0 / 7, "1 / week"},         //
		{rate, 0.1, "3 / month"},            // 0.1 × 30; 0.7 a week
		{rate, 1.0 / 70, "0.43 / month"},    // 30 ÷ 70 = 0.428…
		{uptime, 0.9995, "99.95 %"},         // 0.05 is missing: two digits that matter end at the third
		{uptime, 0.999, "99.9 %"},           //
		{uptime, 0.99954, "99.954 %"},       // 0.046 is missing
		{uptime, 0.9863, "98.6 %"},          // 1.37 is missing
		{uptime, 729. / 730, "99.86 %"},     // 0.13698… is missing
		{uptime, 0.99999999, "99.999999 %"}, //
		{uptime, 1, "100 %"},                //
		{uptime, 0, "0 %"},                  //
		{relative, 0.25, "+25 %"},           //
		{relative, -0.05, "−5 %"},           //
		{relative, 0, "0 %"},                //
		{relative, 2.5, "+250 %"},           //
		{money, 5000, "5,000"},              //
		{money, 12.5, "12.50"},              //
		{money, 999.999, "1,000"},           //
		{money, 1234.5, "1,234"},            // to even
		{money, 0, "0"},                     //
		{lines, 640, "640 lines"},           //
		{lines, 12.5, "12.5 lines"},         //
		{number, 1234, "1,234"},             //
		{number, 999, "999"},                //
		{number, 1234567.25, "1,234,567.2"}, // to even
	}
	for _, test := range tests {
		if got := scaleOf(test.measure, &test.value).text(test.value); got != test.want {
			t.Errorf("%v of measure %d is %q, want %q", test.value, test.measure, got, test.want)
		}
	}
}

// A day of working time may have any length; what is left beside whole days is then rounded to hours.
func TestWorkdays(t *testing.T) {
	t.Parallel()
	tests := []struct {
		workday, seconds float64
		want             string
	}{
		{8 * 3600, 8 * 3600, "1 d"},
		{8 * 3600, 19 * 3600, "2 d 3 h"},              // 2 × 8 + 3
		{8 * 3600, 7*3600 + 59*60, "7 h 59 min"},      //
		{8 * 3600, 7*3600 + 59*60 + 45, "1 d"},        // to the minute 8 h
		{8 * 3600, 15*3600 + 40*60, "2 d"},            // 1 d and 7 h 40 min, to the hour 8 h
		{8 * 3600, 120 * 8 * 3600, "120 d"},           //
		{7.5 * 3600, 7.5 * 3600, "1 d"},               //
		{7.5 * 3600, 22.5 * 3600, "3 d"},              //
		{7.5 * 3600, 14.9 * 3600, "1 d 7 h"},          // 7.4 h beside the day
		{24 * 3600, 36 * 3600, "1 d 12 h"},            //
		{0, 36 * 3600, "1 d 12 h"},                    // all time counts
		{8 * 3600, 8*3600 - 1, "1 d"},                 //
		{8 * 3600, 100*8*3600 - 1, "100 d"},           //
		{7*3600 + 36*60, 2 * (7*3600 + 36*60), "2 d"}, // 7 h 36 min
		{7*3600 + 36*60, 7*3600 + 36*60 + 60, "1 d"},  // as beside a full day, minutes say nothing
	}
	for _, test := range tests {
		if got := durationText(test.seconds, 0, test.workday); got != test.want {
			t.Errorf("%v s in days of %v s is %q, want %q", test.seconds, test.workday, got, test.want)
		}
	}
	for workday, want := range map[float64]string{
		8 * 3600:    "In working hours: 1 d is 8 h.",
		7.5 * 3600:  "In working hours: 1 d is 7 h 30 min.",
		24 * 3600:   "In working hours: 1 d is 24 h.",
		8.25 * 3600: "In working hours: 1 d is 8 h 15 min.",
	} {
		if got := workdayText(workday); got != want {
			t.Errorf("a day of %v s: %q, want %q", workday, got, want)
		}
	}
}

func TestMoney(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		currency *string
		want     string
	}{
		{ptr("EUR"), "5,000 EUR"},
		{nil, "5,000"},
		{ptr("\x1b[31m"), "5,000 [3…"},
	} {
		if got := (scale{measure: money}).in(nil, test.currency).text(5000); got != test.want {
			t.Errorf("%v: %q, want %q", test.currency, got, test.want)
		}
	}
}

func TestMeasureOf(t *testing.T) {
	t.Parallel()
	tests := []struct {
		kind, unit, statistic string
		want                  measure
	}{
		{"duration", "s", "p50", duration},
		{"duration", "s", "within(172800s)", share},
		{"amount", "lines", "p50", lines},
		{"amount", "s", "p50", duration}, // the age of open issues
		{"share", "ratio", "value", share},
		{"rate", "1/day", "value", rate},
		{"level", "items", "value", number},
		{"level", "ratio", "value", uptime}, // availability
		{"level", "s", "value", duration},   // downtime
		{"level", "currency", "value", money},
		{"level", "change", "value", relative},
	}
	for _, test := range tests {
		if got := measureOf(test.kind, test.unit, test.statistic); got != test.want {
			t.Errorf("%s %s %s is measure %d, want %d", test.kind, test.unit, test.statistic, got, test.want)
		}
	}
}

// A value that misses its limit must never be written like it.
func TestApart(t *testing.T) {
	t.Parallel()
	tests := []struct {
		measure           measure
		value, limit      float64
		wantValue, wantAt string
	}{
		{duration, 7*day + 60, 7 * day, "7 d 1 min", "7 d"},
		{duration, 7*day + 0.25, 7 * day, "7 d 0.25 s", "7 d"},
		{duration, 8 * day, 7 * day, "8 d", "7 d"},
		{share, 0.8499, 0.85, "84.99 %", "85 %"},
		{share, 0.849999999, 0.85, "84.9999999 %", "85 %"},
		{rate, 0.999, 1, "6.993 / week", "7 / week"},
		{number, 400.04, 400, "400.04", "400"},
		{lines, 400, 400, "400 lines", "400 lines"},
		{uptime, 0.99899, 0.999, "99.899 %", "99.9 %"}, // of 99.899 % three digits matter
		{relative, 0.1004, 0.1, "+10.04 %", "+10 %"},
		{relative, -0.0501, -0.05, "−5.01 %", "−5 %"},
		{money, 2000.25, 2000, "2,000.25", "2,000"},
		// In binary neither 1.1 times 0.8 is 0.88, nor a hundred times 0.99650618 is 99.650618.
		{share, 0.88, 0.8800000000000001, "88 %", "88 %"},
		{number, 11, 11.000000000000002, "11", "11"},
		{uptime, 0.9965061728395062, 0.99650618, "99.650617284 %", "99.650618 %"},
		{duration, 121307, 121307.00000000001, "1 d 10 h", "1 d 10 h"},
	}
	for _, test := range tests {
		s := scaleOf(test.measure, &test.value, &test.limit).apart(test.value, test.limit)
		if value, at := s.text(test.value), s.text(test.limit); value != test.wantValue || at != test.wantAt {
			t.Errorf("%v against %v: %q and %q, want %q and %q", test.value, test.limit, value, at, test.wantValue, test.wantAt)
		}
	}
}

func TestWindowText(t *testing.T) {
	t.Parallel()
	tests := []struct{ since, until, want string }{
		{"2026-05-01T00:00:00Z", "2026-05-31T00:00:00Z", "30 days, 1 May 2026 to 30 May 2026 (UTC)"},
		{"2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z", "1 day, 1 May 2026 (UTC)"},
		{"2026-05-01T09:30:00Z", "2026-05-31T09:30:00Z", "30 days, 1 May 2026 09:30 to 31 May 2026 09:30 (UTC)"},
		{"2026-05-01T02:00:00+02:00", "2026-05-01T12:00:00Z", "12 h, 1 May 2026 00:00 to 1 May 2026 12:00 (UTC)"},
		{"yesterday", "today", "yesterday to today"},
	}
	for _, test := range tests {
		if got := windowText(report.Window{Since: test.since, Until: test.until}); got != test.want {
			t.Errorf("%s to %s is %q, want %q", test.since, test.until, got, test.want)
		}
	}
}

func TestSparkline(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		values []float64
		want   string
	}{
		{"from zero to the highest", []float64{0, 1, 2, 3, 4, 5, 6, 7, 8}, "▁▂▃▄▅▆▇██"},
		{"a week without a figure", []float64{4, -1, 8}, "▅·█"}, // 4 of 8 is the fifth of eight steps
		{"never changes", []float64{3, 3, -1, 3}, "▄▄·▄"},
		{"zero is measured", []float64{0, 0}, "▁▁"},
		{"nothing", []float64{-1, -1}, "··"},
	}
	for _, test := range tests {
		if got := sparkline(trendOf(test.values...)); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
	below := []report.Point{{Value: ptr(-1.0)}, {Value: ptr(0.0)}, {Value: ptr(1.0)}}
	if got := sparkline(below); got != "▁▅█" {
		t.Errorf("values below zero: %s", got)
	}
}
