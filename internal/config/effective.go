package config

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
)

// Effective is a valid configuration, as whoever keeps it wants to see it.
type Effective struct {
	// Config has no repository where the settings name none.
	Config Config
	// Text is the configuration as a file that says all of it, the defaults too, with comments: what each key is for,
	// where its value comes from, and which limits are in force on the day. Resolving it gives the same Config.
	Text string
	// Warnings are likely mistakes, in whole sentences.
	Warnings []string
}

// Check validates a configuration as Resolve does, but for the repository, which need not be named.
func Check(s Settings, f *File, now time.Time) (*Effective, error) {
	r, errs := resolve(s, f, now)
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	r.today = r.Window.Until.UTC().Truncate(24 * time.Hour)
	return &Effective{Config: r.Config, Text: r.text(), Warnings: r.warnings()}, nil
}

// Key is a key of the configuration file.
type Key struct {
	// Path is the key with those that it stands in: production.environments, benchmarks[].hold, classes.NAME.labels.
	Path string
	// About says what it is for, in sentences.
	About string
	// Default is its value where nothing is said, as YAML, or in words where IsUnset. It is empty for a key of a value
	// that is taken as one.
	Default string
	IsUnset bool
	// Setting is the input and flag that overrides it; empty: there is none.
	Setting string
}

// Keys are those of the configuration file, in the order in which it is best read.
func Keys() []Key {
	r := newResolution()
	var all []Key
	var add func(prefix string, keys []field)
	add = func(prefix string, keys []field) {
		for _, key := range keys {
			if len(key.keys) > 0 {
				add(prefix+key.name+".", key.keys)
				continue
			}
			k := Key{Path: prefix + key.name, About: key.about, Default: key.show(), Setting: key.setting}
			if k.Default == "" {
				k.Default, k.IsUnset = key.without, true
			}
			all = append(all, k)
			for _, inner := range innerOf(k.Path, key.reader) {
				all = append(all, Key{Path: inner.path, About: inner.about})
			}
		}
	}
	add("", r.keys())
	return all
}

// text writes the configuration as a file.
func (r *resolution) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# yaml-language-server: $schema=%s\n", SchemaURL)
	comment(&b, "", fmt.Sprintf("The configuration in force on %s. Behind each value stands where it comes from.",
		r.today.Format(time.DateOnly)))
	r.writeKeys(&b, "", "", r.keys())
	return b.String()
}

// writeKeys writes the keys of a mapping.
func (r *resolution) writeKeys(b *strings.Builder, indent, prefix string, keys []field) {
	for _, key := range keys {
		if indent == "" {
			b.WriteString("\n")
		}
		if len(key.keys) > 0 {
			r.writeGroup(b, indent, prefix, key)
			continue
		}
		value := key.show()
		if value == "" {
			comment(b, indent, fmt.Sprintf("%s Not set: %s.", key.about, key.without))
			fmt.Fprintf(b, "%s# %s:\n", indent, key.name)
			continue
		}
		comment(b, indent, key.about)
		origin := r.originText(prefix + key.name)
		if strings.HasPrefix(value, "\n") {
			fmt.Fprintf(b, "%s%s:%s%s\n", indent, key.name, origin, value)
			continue
		}
		fmt.Fprintf(b, "%s%s: %s%s\n", indent, key.name, value, origin)
	}
}

// writeGroup writes a key whose value is a mapping of keys; as a comment where none of them is set.
func (r *resolution) writeGroup(b *strings.Builder, indent, prefix string, key field) {
	comment(b, indent, key.about)
	isSet := slices.ContainsFunc(key.keys, func(k field) bool { return k.show() != "" })
	if !isSet {
		b.WriteString(indent + "# ")
	} else {
		b.WriteString(indent)
	}
	b.WriteString(key.name + ":\n")
	r.writeKeys(b, indent+"  ", prefix+key.name+".", key.keys)
}

// originText is the comment that says where the value of a key comes from. Each class has its own.
func (r *resolution) originText(path string) string {
	if path == "classes" {
		return ""
	}
	text := "  # " + string(r.origin(path))
	if path == "ci" && r.follows {
		text += "; jobs are read because a KPI that needs them is named"
	}
	return text
}

// origin is where the value of a key comes from.
func (r *resolution) origin(path string) Origin {
	if origin, noted := r.origins[path]; noted {
		return origin
	}
	return OriginDefault
}

// commentWidth is how long the lines of comments are.
const commentWidth = 100

// comment writes a text as comments.
func comment(b *strings.Builder, indent, text string) {
	line := indent + "#"
	for _, word := range strings.Fields(text) {
		if utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > commentWidth {
			b.WriteString(line + "\n")
			line = indent + "#"
		}
		line += " " + word
	}
	b.WriteString(line + "\n")
}

func truthText(b bool) string { return strconv.FormatBool(b) }

func number(n int) string { return strconv.Itoa(n) }

// bare is a text that means itself without quotes, wherever it stands: it begins with a letter, or is a length of time.
var bare = regexp.MustCompile(`^([A-Za-z]([A-Za-z0-9_./*@+-]| [A-Za-z0-9_./*@+-])*|[0-9]+[wdhms])$`)

// notText are the words that YAML, or an earlier version of it, takes for something else than a text.
var notText = []string{"true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf"}

// scalar is a text as YAML, in quotes where it needs them; empty for the empty text.
func scalar(text string) string {
	switch {
	case text == "":
		return ""
	case bare.MatchString(text) && !slices.Contains(notText, strings.ToLower(text)):
		return text
	default:
		return quoted(text)
	}
}

// quoted is a text in double quotes, with escapes for whatever YAML does not take as it is
// (https://yaml.org/spec/1.2.2/#57-escaped-characters).
func quoted(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f || r > 0x7e && !strconv.IsPrint(r) && r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		case !strconv.IsPrint(r):
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// flow is a list of texts as YAML; empty for none.
func flow[T ~[]string](texts T) string {
	if len(texts) == 0 {
		return ""
	}
	items := make([]string, len(texts))
	for i, text := range texts {
		items[i] = scalar(text)
	}
	return "[" + strings.Join(items, ", ") + "]"
}

// mapping is a mapping on one line, of keys and values in turn; those without a value are left out. It is empty where
// none has one.
func mapping(keysAndValues ...string) string {
	var entries []string
	for i := 0; i+1 < len(keysAndValues); i += 2 {
		if value := keysAndValues[i+1]; value != "" {
			entries = append(entries, keysAndValues[i]+": "+value)
		}
	}
	if len(entries) == 0 {
		return ""
	}
	return "{ " + strings.Join(entries, ", ") + " }"
}

func (r *resolution) showClasses() string {
	names := builtInClasses()
	for _, name := range slices.Sorted(maps.Keys(r.Policy.Classes)) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	var b strings.Builder
	for _, name := range names {
		class := r.Policy.Classes[name]
		fmt.Fprintf(&b, "\n  %s: %s  # %s", name, mapping("labels", flow(class.Labels), "types", flow(class.Types)),
			r.origin("classes."+name))
	}
	return b.String()
}

func (r *resolution) showSignals() string {
	var names []string
	for _, signal := range signals {
		if r.Policy.Signals[signal] {
			names = append(names, string(signal))
		}
	}
	return flow(names)
}

func (r *resolution) showCI() string {
	jobs := ""
	if r.Jobs {
		jobs = truthText(true)
	}
	return mapping("exclude-workflows", flow(r.Policy.ExcludedWorkflows), "jobs", jobs)
}

func (r *resolution) showCost() string {
	cost := r.Policy.DowntimeCost
	if cost == nil {
		return ""
	}
	return mapping("downtime-per-hour", strconv.FormatFloat(cost.PerHour, 'f', -1, 64), "currency", cost.Currency)
}

func (r *resolution) showBusinessTime() string {
	b := r.Policy.BusinessTime
	if b == nil {
		return ""
	}
	var days []string
	for day, worked := range b.Days {
		if worked {
			days = append(days, weekdays[day])
		}
	}
	clock := func(d time.Duration) string { return fmt.Sprintf("%02d:%02d", int(d.Hours()), int(d.Minutes())%60) }
	return mapping("zone", scalar(b.Zone.String()), "days", flow(days), "hours", clock(b.From)+"-"+clock(b.To),
		"holidays", flow(slices.Sorted(maps.Keys(b.Holidays))), "kpis", flow(b.KPIs))
}

func (r *resolution) showBudget() string {
	whole := func(n int) string {
		if n == 0 {
			return ""
		}
		return number(n)
	}
	return mapping("requests", whole(r.Budget.Requests), "points", whole(r.Budget.Points))
}

func (r *resolution) showExempt() string {
	e := r.Exemptions
	fixing := ""
	if e.FixingBreachedClass {
		fixing = truthText(true)
	}
	return mapping("labels", flow(e.Labels), "branches", flow(e.Branches), "authors", flow(e.Authors),
		"paths", flow(e.Paths), "fixing-breached-class", fixing)
}

// bareLine is a benchmark that means itself without quotes as an item of a list in block style.
var bareLine = regexp.MustCompile(`^[A-Za-z][!$%&()*+,./0-9;<=>?A-Z^_a-z{|}~ -]*$`)

func (r *resolution) showBenchmarks() string {
	var b strings.Builder
	for _, of := range r.Benchmarks {
		line := func(text string) string {
			if bareLine.MatchString(text) {
				return text
			}
			return quoted(text)
		}
		b.WriteString("\n")
		comment(&b, "  ", r.inForce(of))
		b.WriteString("  - ")
		keys := benchmarkExtras(of)
		condition, breach := strings.CutPrefix(of.Text, "if ")
		switch {
		case breach:
			keys = append([]string{"if: " + line(condition)}, keys...)
		case len(keys) > 0:
			keys = append([]string{"hold: " + line(of.Text)}, keys...)
		default:
			keys = []string{line(of.Text)}
		}
		b.WriteString(strings.Join(keys, "\n    "))
	}
	return b.String()
}

// benchmarkExtras are the keys of a benchmark besides its condition.
func benchmarkExtras(b gate.Benchmark) []string {
	var keys []string
	add := func(key, value string) {
		if value != "" {
			keys = append(keys, key+": "+value)
		}
	}
	add("then", string(b.Then))
	add("because", scalar(b.Because))
	add("owner", scalar(b.Owner))
	if b.MinSamples > 0 {
		add("min-samples", number(b.MinSamples))
	}
	for _, day := range []struct {
		key string
		at  time.Time
	}{{"from", b.From}, {"until", b.Until}} {
		if !day.at.IsZero() {
			add(day.key, day.at.Format(time.DateOnly))
		}
	}
	return keys
}

// inForce says what a benchmark does on the day.
func (r *resolution) inForce(b gate.Benchmark) string {
	effect := "a breach fails"
	if b.Then == gate.ThenWarn {
		effect = "a breach warns"
	}
	switch {
	case r.today.Before(b.From):
		return "Not in force before " + b.From.Format(time.DateOnly) + "; then " + effect + "."
	case !b.Until.IsZero() && r.today.After(b.Until):
		return "No longer in force: its last day was " + b.Until.Format(time.DateOnly) + "."
	}
	return "Today " + r.limitToday(b) + "; " + effect + "."
}

// limitToday is the limit in force on the day, in words.
func (r *resolution) limitToday(b gate.Benchmark) string {
	if b.Relative != nil {
		return b.Condition()
	}
	limit := *b.LimitAt(r.today, nil)
	words := string(b.Operator) + " " + b.LimitWords(limit)
	switch {
	case b.Ramp != nil && limit != b.Limit:
		words += fmt.Sprintf(", on the way to %s on %s", gate.FormatLimit(b.KPI, b.Statistic, b.Limit),
			b.Ramp.Until.Format(time.DateOnly))
	case b.Band != nil:
		words += fmt.Sprintf(", the limit of %s in DORA's report of %d", b.Band.Name, b.Band.Edition)
	}
	return words
}

// warnings are likely mistakes.
func (r *resolution) warnings() []string {
	var all []string
	warn := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	for _, b := range r.Benchmarks {
		switch {
		case !b.Until.IsZero() && b.Until.Before(r.today):
			warn("The benchmark %s ended on %s, its last day: take it out, or move its until.",
				b, b.Until.Format(time.DateOnly))
		case b.Ramp != nil && !b.Ramp.Until.After(r.today):
			warn("The ramp of the benchmark %s ended on %s: write the limit that it led to, or the next ramp.",
				b, b.Ramp.Until.Format(time.DateOnly))
		}
	}
	if len(r.Benchmarks) == 0 {
		warn("There is no benchmark: nothing can be breached.")
	}
	if !r.Enforce && len(r.EnforceOn) > 0 {
		warn("enforce is false: enforce-on changes nothing.")
	}
	if !r.Enforce {
		warn("enforce is false: breaches are reported, and no run fails.")
	}
	e := r.Exemptions
	if len(e.Branches) > 0 {
		warn("exempt.branches lets everyone pass who may push a branch: whoever opens the pull request names it. A label" +
			" takes the right to triage.")
	}
	for _, of := range []struct {
		key   string
		globs kpi.Globs
	}{{"labels", e.Labels}, {"branches", e.Branches}, {"authors", e.Authors}, {"paths", e.Paths}} {
		for _, glob := range of.globs {
			if strings.Trim(glob, "*?") == "" {
				warn("exempt.%s has %s, which exempts nearly every pull request.", of.key, scalar(glob))
			}
		}
	}
	if len(r.Policy.Workflows) > 0 && r.Policy.Source != "" && r.Policy.Source != model.SourceWorkflow {
		warn("deployments.workflow changes nothing: deployments are read from %s.", r.Policy.Source)
	}
	if r.origin("deployments.tags") != OriginDefault && r.Policy.Source != "" && r.Policy.Source != model.SourceTags {
		warn("deployments.tags changes nothing: deployments are read from %s.", r.Policy.Source)
	}
	if r.Gate.OnNoData == gate.NoDataPasses {
		warn("on-no-data is pass: a benchmark whose figures cannot be read holds nothing up, and nobody is told.")
	}
	return all
}
