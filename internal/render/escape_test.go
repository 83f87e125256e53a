package render

import (
	"bytes"
	"encoding/json"
	stdhtml "html"
	"math/rand/v2"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/sethvargo/go-githubactions"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer/html"
	gmtext "github.com/yuin/goldmark/text"

	"kpi-gate/internal/report"
)

func TestClean(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want string }{
		{"  a \t\r\n b  ", "a b"},
		{"a\u2028b\u2029c\u00a0d", "a b c d"},
		{"\x1b[31mred\x1b[0m\a\x7f\u009b2J", "[31mred[0m2J"},
		{"\u202egnp.exe\u2066\u200f\u061c", "gnp.exe"},
		{"a\u200b\ufeff\u00ad\U000e0041b", "ab"},
		{"bad \xff\xfe byte", "bad \uFFFD\uFFFD byte"},
		{"👩\u200d🚀 می\u200cخواهم", "👩\u200d🚀 می\u200cخواهم"},
		{"e" + strings.Repeat("\u0301", 9) + "e", "e" + strings.Repeat("\u0301", maxMarks) + "e"},
		{"\x00\u200b", ""},
	}
	for _, test := range tests {
		if got := clean(test.in); got != test.want {
			t.Errorf("%q is cleaned to %q, want %q", test.in, got, test.want)
		}
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in     string
		length int
		want   string
	}{
		{"short", 5, "short"},
		{"longer", 5, "long…"},
		{"größer", 5, "größ…"},
		{"four five", 6, "four…"},
		{"ab👩\u200d🚀cd", 5, "ab…"}, // the astronaut is 3 runes, and does not fit before the ellipsis
		{"👩\u200d🚀", 2, "…"},
	}
	for _, test := range tests {
		if got := cut(test.in, test.length); got != test.want {
			t.Errorf("%q cut to %d is %q, want %q", test.in, test.length, got, test.want)
		}
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want string }{
		{"::error::x", ": :error: :x"},
		{":::", ": : :"},
		{"a ##[add-mask]b", "a ## [add-mask]b"},
		{"#\u200b#\u200b[x]", "## [x]"},
		{"std: :vector", "std: :vector"},
	}
	for _, test := range tests {
		if got := plain(test.in, titleLength); got != test.want {
			t.Errorf("%q is %q, want %q", test.in, got, test.want)
		}
	}
}

func TestAddress(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want string }{
		{"https://github.com/o/r/issues/1", "https://github.com/o/r/issues/1"},
		{"http://127.0.0.1:8080/o/r", "http://127.0.0.1:8080/o/r"},
		{"HTTPS://GitHub.com/o/r", "https://GitHub.com/o/r"},
		{"https://github.com/o/r?a=b&c=d#e", "https://github.com/o/r?a=b&c=d#e"},
		{"https://github.com/o/r/releases/tag/v1)|(`*_~@", "https://github.com/o/r/releases/tag/v1%29%7C%28%60%2A_%7E%40"},
		{"https://github.com/o/r/tag/ü\u202e", "https://github.com/o/r/tag/%C3%BC%E2%80%AE"},
		{"https://github.com/a%2Fb", "https://github.com/a%2Fb"},
		{"https://github.com/#a#b", "https://github.com/#a%23b"},
		{"javascript:alert(1)", ""},
		{"data:text/html,x", ""},
		{"//github.com/o", ""},
		{"/o/r", ""},
		{"https:github.com", ""},
		{"https://", ""},
		{"https://user@github.com/", ""},
		{"https://github.com@evil.example/", ""},
		{"https://gıthub.com/", ""},
		{"https://github.com:80:80/", ""},
		{"https://github.com/%zz", ""},
		{"https://github.com/\n", ""},
		{"", ""},
	}
	for _, test := range tests {
		if got := address(test.in); got != test.want {
			t.Errorf("%q is %q, want %q", test.in, got, test.want)
		}
	}
}

// parser reads Markdown as GitHub does, bare addresses included.
var parser = goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(html.WithUnsafe()))

// ownElements are the HTML elements that the summary writes.
var ownElements = regexp.MustCompile(
	`^(?:</?(?:strong|em|code|sub|sup|span|details)>|<br>|<summary>What the figures mean</summary>|` +
		`<summary><strong>(?:[^<>]|</?span>)*</strong>(?:[^<>]|</?span>)*</summary>)$`)

// outline lists the blocks of a document with the tables' cells, and fails the test for anything inline that can only
// come from text that was not escaped.
func outline(t *testing.T, markdown []byte, targets []string) []string {
	t.Helper()
	var blocks []string
	document := parser.Parser().Parse(gmtext.NewReader(markdown))
	err := ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		if n.Type() == ast.TypeBlock {
			blocks = append(blocks, n.Kind().String())
		}
		switch n := n.(type) {
		case *ast.Link:
			if !slices.Contains(targets, stdhtml.UnescapeString(string(n.Destination))) {
				t.Errorf("a link leads to %q", n.Destination)
			}
			if len(n.Title) > 0 {
				t.Errorf("a link has the title %q", n.Title)
			}
		case *ast.RawHTML:
			if raw := string(n.Segments.Value(markdown)); !ownElements.MatchString(raw) {
				t.Errorf("HTML: %q", raw)
			}
		case *ast.HTMLBlock:
			for line := range strings.Lines(string(n.Lines().Value(markdown))) {
				if !ownElements.MatchString(strings.TrimSpace(line)) {
					t.Errorf("an HTML block: %q", line)
				}
			}
		case *ast.AutoLink, *ast.Image, *ast.Emphasis, *ast.CodeSpan, *east.Strikethrough, *east.TaskCheckBox:
			t.Errorf("a %s in a %s", n.Kind(), n.Parent().Kind())
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return blocks
}

var (
	// elsewhere is what GitHub does not search for mentions and the like.
	//
	// Mentions and e-mail addresses are looked for everywhere.
	elsewhere = regexp.MustCompile(`(?s)<code>.*?</code>|<pre>.*?</pre>|<a .*?</a>`)
	tags      = regexp.MustCompile(`<[^>]*>`)
	// autolinks are what GitHub acts on in text, entities decoded: mentions, issue numbers, emoji names, addresses,
	// mathematics.
	autolinks = regexp.MustCompile(`(?i)#[0-9]|\b[0-9a-f]{7,40}\b|\bgh-[0-9]|:[a-z0-9_+-]+:|www\.|://|[^>]\$|\$[^<]`)
	mention   = regexp.MustCompile(`@[a-zA-Z0-9_-]`)
)

// inert fails the test where a summary acts on its reader in another way than its own words do.
func inert(t *testing.T, markdown []byte, targets []string) []string {
	t.Helper()
	for _, c := range string(markdown) {
		if c != '\n' && c != '\u200c' && c != '\u200d' && unicode.In(c, unicode.Cc, unicode.Cf) {
			t.Errorf("the summary has %U", c)
		}
	}
	commandless(t, string(markdown))
	// A parser drops cells beyond those of the header, so they are counted where they are written.
	columns := 0
	for line := range strings.Lines(string(markdown)) {
		if !strings.HasPrefix(line, "| ") {
			columns = 0
			continue
		}
		pipes := strings.Count(line, "|")
		if columns != 0 && pipes != columns {
			t.Errorf("a row has %d pipes, the header %d: %q", pipes, columns, line)
		}
		columns = pipes
	}
	var page bytes.Buffer
	if err := parser.Convert(markdown, &page); err != nil {
		t.Fatal(err)
	}
	// Only dollar signs need their element; the others may touch text that GitHub joins. In a block of HTML a dollar sign
	// is an entity still.
	shown := strings.NewReplacer("<span>$</span>", "€", "<span>&#36;</span>", "€", "<br>", "\n").
		Replace(elsewhere.ReplaceAllString(page.String(), " "))
	shown = stdhtml.UnescapeString(tags.ReplaceAllString(shown, ""))
	if found := autolinks.FindString(shown); found != "" {
		t.Errorf("GitHub would act on %q", found)
	}
	if found := mention.FindString(stdhtml.UnescapeString(page.String())); found != "" {
		t.Errorf("a mention, or an e-mail address: %q", found)
	}
	if strings.Contains(page.String(), "language-") && strings.Count(page.String(), "language-") !=
		strings.Count(page.String(), "<pre><code class=\"language-yaml\">permissions:\n") {
		t.Error("a block of code in another language than that of the permissions")
	}
	return outline(t, markdown, targets)
}

// commandless fails the test where a runner would find a command in a log.
func commandless(t *testing.T, log string) {
	t.Helper()
	if strings.Contains(log, "##[") {
		t.Error("a command of the old form")
	}
	for line := range strings.Lines(log) {
		if strings.HasPrefix(strings.TrimLeftFunc(line, unicode.IsSpace), "::") {
			t.Errorf("a command: %q", line)
		}
	}
}

// targetsOf are the addresses that a report's links may lead to: all on the repository's own server.
func targetsOf(r *report.Report) []string {
	of := []string{r.RepositoryURL}
	for _, b := range r.Benchmarks {
		for _, item := range b.Worst {
			of = append(of, item.URL)
		}
	}
	for _, p := range r.Published {
		if p.URL != nil {
			of = append(of, *p.URL)
		}
	}
	var targets []string
	for _, raw := range of {
		target := indexOf(r).address(raw)
		u, err := url.Parse(target)
		if target != "" && (err != nil || u.Scheme != "https" || u.Host != "github.com") {
			panic("not an address on the server: " + target)
		}
		if target != "" {
			targets = append(targets, target)
		}
	}
	return targets
}

// TestLinksStayOnServer: the address of an item comes from elsewhere, and leads to the server of the repository, or
// nowhere.
func TestLinksStayOnServer(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		repository, raw string
		linked          bool
	}{
		{"https://github.com/acme/shop", "https://github.com/acme/shop/issues/1", true},
		{"https://github.com/acme/shop", "https://GitHub.com/acme/shop/issues/1", true},
		{"https://github.com/acme/shop", "https://github.com/acme/other/pull/1", true},
		{"https://github.com/acme/shop", "http://github.com/acme/shop/issues/1", false},
		{"https://github.com/acme/shop", "https://github.com.evil.example/acme/shop", false},
		{"https://github.com/acme/shop", "https://github.com:8443/acme/shop", false},
		{"https://github.com/acme/shop", "https://evil.example/github.com", false},
		{"https://github.com/acme/shop", "https://gist.github.com/x", false},
		{"http://127.0.0.1:8080/acme/shop", "http://127.0.0.1:8080/acme/shop/issues/1", true},
		{"http://127.0.0.1:8080/acme/shop", "http://127.0.0.1:8081/acme/shop/issues/1", false},
		{"https://ghe.example?x", "https://ghe.example/acme", true},
		{"javascript:alert(1)", "javascript:alert(1)", false},
		{"", "https://github.com/acme/shop", false},
	} {
		x := indexOf(&report.Report{RepositoryURL: test.repository})
		if got := x.link("label", test.raw); (got != "label") != test.linked {
			t.Errorf("of %s, %s is %q", test.repository, test.raw, got)
		}
	}
}

func markdownOf(t *testing.T, r *report.Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Markdown(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// pages are the forms of a report in Markdown, each of a report that fails, one of a pull request that is exempt, and
// one on which nothing fails.
func pages(t *testing.T, r *report.Report) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	for name, of := range map[string]*report.Report{"": r, "exempt ": exempted(r), "unenforced ": unforced(r)} {
		all[name+"summary"], all[name+"comment"] = markdownOf(t, of), commentOf(t, of)
	}
	return all
}

func TestHostileSummary(t *testing.T) {
	t.Parallel()
	for _, r := range []*report.Report{hostileReport(hostileTexts...), redReport(), policyReport(), exemptReport()} {
		for _, page := range pages(t, r) {
			inert(t, page, targetsOf(r))
		}
	}
}

// ownWords are the fields that hold words of ours, or what a pattern admits; no text from outside reaches them.
var ownWords = []string{
	"Report.Verdict", "Report.OnNoData", "Report.Evidence", "Report.RepositoryURL", "Window.Until", "Published.State",
	"Family.ID", "KPI.Family", "KPI.Kind", "KPI.Unit", "KPI.Better", "KPI.Status", "KPI.Gaps", "KPI.Source",
	"KPI.Signal", "Point.Since", "Item.Kind", "Benchmark.Statistic", "Benchmark.Then", "Benchmark.ExemptBy",
	"Benchmark.Operator", "Benchmark.Kind", "Benchmark.Unit",
}

// TestHostileReportIsComplete: a field that is added to the report has text from outside in the tests, or is known to
// hold none.
func TestHostileReportIsComplete(t *testing.T) {
	t.Parallel()
	const mark = "MARK"
	reached := map[string]bool{}
	var walk func(name string, v reflect.Value)
	walk = func(name string, v reflect.Value) {
		switch v.Kind() {
		case reflect.Pointer:
			if !v.IsNil() {
				walk(name, v.Elem())
			} else if v.Type().Elem().Kind() == reflect.String {
				reached[name] = reached[name] || false
			}
		case reflect.Slice:
			for i := range v.Len() {
				walk(name, v.Index(i))
			}
		case reflect.Struct:
			for i := range v.NumField() {
				walk(v.Type().Name()+"."+v.Type().Field(i).Name, v.Field(i))
			}
		case reflect.String:
			reached[name] = reached[name] || strings.Contains(v.String(), mark)
		}
	}
	walk("", reflect.ValueOf(hostileReport(mark)))
	for name, hostile := range reached {
		if hostile == slices.Contains(ownWords, name) {
			t.Errorf("%s: text from outside %t, own words %t", name, hostile, !hostile)
		}
	}
	if len(reached) < 50 {
		t.Errorf("only %d fields were looked at", len(reached))
	}
}

// fragments are pieces of syntax that together make more than each of them does.
var fragments = []string{
	"|", "`", "``", "\\", "*", "**", "_", "[", "]", "(", ")", "](",
	"<", ">", "<!--", "-->", "<b>", "</td>", "&", "&#124;", "&lt;",
	"~~", "#", "##", "[x] ", "!", "@", "@all", ":", "::", ":x:", "$", "$$", "www.", "http://",
	"https://", "a.example", "a@b.example",
	"GH-", "gh-1", "deadbeef", "0123456", "@a/b@", "mailto:", "&#64;", "&commat;", "[^1]", "- [ ]", "```mermaid", "%%{", "\u3164",
	"#1", "1.", "1)", "-", "- ", "---", "===", "+", "```", "\n", "\n\n", "\r", "\t", " ",
	"\u2028", "\u200b", "\u202e", "\x1b[",
	"a", "b1", "é", "漢", "\u0301", "👍", "\xff", "{", "}", "^", "%", "%7C", "?", "=", "\"", "'", "/", ".",
}

// mixed is up to seven fragments, never nothing.
func mixed(random *rand.Rand) string {
	s := ""
	for range 1 + random.IntN(7) {
		s += fragments[random.IntN(len(fragments))]
	}
	if clean(s) == "" {
		return "x"
	}
	return s
}

func TestMixedFragments(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 8 {
		sameBlocks(t, mixed(random), mixed(random), mixed(random))
		if t.Failed() {
			return
		}
	}
}

// What is escaped is shown as it was written.
func TestTextIsShown(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	for i := range 2000 {
		s := mixed(random)
		if i < len(hostileTexts) {
			s = hostileTexts[i]
		}
		for form, escaped := range map[string]markup{"text": text(s, 1000), "code": code(s, 1000)} {
			var page bytes.Buffer
			if err := parser.Convert([]byte("- "+escaped), &page); err != nil {
				t.Fatal(err)
			}
			shown := stdhtml.UnescapeString(tags.ReplaceAllString(page.String(), ""))
			if shown = strings.ReplaceAll(strings.TrimSpace(shown), "\u200b", ""); shown != strings.TrimSpace(clean(s)) {
				t.Errorf("%q as %s is shown as %q", s, form, shown)
			}
		}
	}
}

var (
	harmlessOnce   sync.Once
	harmlessBlocks = map[string][]string{}
)

// harmless are the blocks that the pages have with harmless words.
func harmless(t *testing.T) map[string][]string {
	t.Helper()
	harmlessOnce.Do(func() {
		r := hostileReport("harmless", "words", "here")
		for name, page := range pages(t, r) {
			harmlessBlocks[name] = outline(t, page, targetsOf(r))
		}
	})
	return harmlessBlocks
}

// sameBlocks fails the test where a summary that holds these texts acts on its reader, or has not the blocks, the rows
// and the cells that it has with harmless words.
func sameBlocks(t *testing.T, texts ...string) {
	t.Helper()
	r := hostileReport(texts...)
	for name, page := range pages(t, r) {
		if blocks := inert(t, page, targetsOf(r)); !slices.Equal(blocks, harmless(t)[name]) {
			t.Errorf("the blocks of the %s are %q, want %q", name, blocks, harmless(t)[name])
		}
	}
	if t.Failed() {
		t.Logf("the texts are %q", texts)
	}
}

// FuzzMarkdown puts three texts wherever a report has text from outside.
func FuzzMarkdown(f *testing.F) {
	for i, s := range hostileTexts {
		f.Add(s, hostileTexts[(i+5)%len(hostileTexts)], hostileTexts[(i+7)%len(hostileTexts)])
	}
	f.Fuzz(func(t *testing.T, a, b, c string) {
		for _, s := range []string{a, b, c} {
			// Words that are empty or that are outcomes change the report itself.
			if _, known := statuses[s]; known || clean(s) == "" {
				t.Skip()
			}
		}
		sameBlocks(t, a, b, c)
	})
}

// FuzzEscape puts one text wherever Markdown can hold text: nothing in it acts, no block begins or ends with it, and a
// table keeps its cells.
func FuzzEscape(f *testing.F) {
	for _, s := range append(fragments, hostileTexts...) {
		f.Add(s)
	}
	form := func(s string) []byte {
		prose, shown := text(s, messageLength), code(s, messageLength)
		x := index{origin: "https://github.com"}
		return []byte("## " + prose + "\n\n" + prose + "\n\n- " + prose + "\n- " + shown + "\n- " +
			x.link(prose, "https://github.com/acme/shop?q="+url.QueryEscape(s)) + " · " + prose + "\n\n" +
			"<strong>" + prose + "</strong> " + shown + "\n\n| a | b |\n| --- | ---: |\n| " + prose + " | " + shown + " |\n" +
			"\n<details>\n<summary><strong>" + prose + "</strong></summary>\n\n" + prose + "\n\n</details>\n")
	}
	f.Fuzz(func(t *testing.T, s string) {
		if clean(s) == "" {
			t.Skip()
		}
		target := "https://github.com/acme/shop?q=" + strings.ReplaceAll(url.QueryEscape(s), "~", "%7E")
		got := inert(t, form(s), []string{target})
		if want := outline(t, form("x"), []string{"https://github.com/acme/shop?q=x"}); !slices.Equal(got, want) {
			t.Errorf("%q makes the blocks %q, not %q", s, got, want)
		}
	})
}

// FuzzText puts three texts wherever a report has text from outside: no line is wider than the page but for addresses,
// and nothing moves the cursor or commands a runner.
func FuzzText(f *testing.F) {
	for i, s := range hostileTexts {
		f.Add(s, hostileTexts[(i+5)%len(hostileTexts)], hostileTexts[(i+7)%len(hostileTexts)])
	}
	f.Fuzz(func(t *testing.T, a, b, c string) {
		r := hostileReport(a, b, c)
		var page bytes.Buffer
		if err := Text(&page, r); err != nil {
			t.Fatal(err)
		}
		if !utf8.Valid(page.Bytes()) {
			t.Error("not UTF-8")
		}
		if said := Headline(r); strings.ContainsAny(said, "\n\r\x00") || utf8.RuneCountInString(said) > sentenceLength {
			t.Errorf("the headline is %q", said)
		}
		targets := targetsOf(r)
		for line := range strings.Lines(page.String()) {
			line = strings.TrimSuffix(line, "\n")
			if displayWidth(line) > textWidth && !slices.Contains(targets, strings.TrimSpace(line)) {
				t.Errorf("%d columns: %q", displayWidth(line), line)
			}
			for _, c := range line {
				if c != '\u200c' && c != '\u200d' && unicode.In(c, unicode.Cc, unicode.Cf) {
					t.Errorf("%U in %q", c, line)
				}
			}
		}
		commandless(t, page.String())
		for _, of := range []*report.Report{r, exempted(r), unforced(r)} {
			annotated(t, Annotations(of))
		}
	})
}

// annotated fails the test where annotations, written as the commands that a runner reads, are not one command each, or
// say anything that has not been made plain.
func annotated(t *testing.T, annotations []Annotation) {
	t.Helper()
	for _, a := range annotations {
		for _, said := range []string{a.Title, a.Message} {
			commandless(t, said)
			for _, c := range said {
				if c != '\u200c' && c != '\u200d' && unicode.In(c, unicode.Cc, unicode.Cf) {
					t.Errorf("%U in the annotation %q", c, said)
				}
			}
		}
		var log bytes.Buffer
		command := githubactions.New(githubactions.WithWriter(&log)).WithFieldsMap(map[string]string{"title": a.Title})
		write := map[string]func(string, ...any){
			"error": command.Errorf, "warning": command.Warningf, "notice": command.Noticef,
		}[a.Level]
		if write == nil {
			t.Fatalf("an annotation has the level %q", a.Level)
		}
		write("%s", a.Message)
		head, message, found := strings.Cut(strings.TrimPrefix(log.String(), "::"+a.Level+" title="), "::")
		if !found || strings.ContainsAny(head, "\r\n,:") || strings.Count(log.String(), "\n") != 1 ||
			strings.ContainsAny(message, "\r") || strings.Contains(log.String(), "##[") {
			t.Errorf("the command is %q", log.String())
		}
	}
}

// FuzzJSON puts three texts wherever a report has text from outside: the file is valid, holds them as they are, and
// neither a terminal nor a runner acts on it.
func FuzzJSON(f *testing.F) {
	for i, s := range hostileTexts {
		f.Add(s, hostileTexts[(i+5)%len(hostileTexts)], hostileTexts[(i+7)%len(hostileTexts)])
	}
	f.Fuzz(func(t *testing.T, a, b, c string) {
		r := hostileReport(a, b, c)
		var file bytes.Buffer
		if err := JSON(&file, r); err != nil {
			t.Fatal(err)
		}
		commandless(t, file.String())
		for _, c := range file.String() {
			if c != '\n' && unicode.In(c, unicode.Cc, unicode.Cf) {
				t.Fatalf("%U in the file", c)
			}
		}
		var back report.Report
		if err := json.Unmarshal(file.Bytes(), &back); err != nil {
			t.Fatal(err)
		}
		for _, pair := range [][2]string{
			{r.Benchmarks[0].Text, back.Benchmarks[0].Text},
			{*r.Benchmarks[0].Because, *back.Benchmarks[0].Because},
			{*r.Benchmarks[0].Owner, *back.Benchmarks[0].Owner},
			{r.Warnings[0], back.Warnings[0]},
			{r.Exemptions.Labels[0], back.Exemptions.Labels[0]},
			{*r.Published[0].Reason, *back.Published[0].Reason},
		} {
			if want := strings.ToValidUTF8(pair[0], "\uFFFD"); utf8.ValidString(pair[0]) && pair[1] != want {
				t.Errorf("%q comes back as %q", want, pair[1])
			}
		}
	})
}
