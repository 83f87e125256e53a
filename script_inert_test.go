package main

import (
	"fmt"
	"html"
	"os"
	"regexp"
	"strings"
	"unicode"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"

	"kpi-gate/internal/githubsim"
)

// cmdWritten puts into a file what was last written to the simulated GitHub, or wants with ! that there is none:
//
//	written comment|issue|check-run|check-run-title|status FILE
func cmdWritten(ts *testscript.TestScript, neg bool, args []string) {
	github := storyOf(ts).github
	if len(args) != 2 || github == nil {
		ts.Fatalf("usage: sim …, then written comment|issue|check-run|check-run-title|status FILE")
	}
	server, ok := github.answer.(*githubsim.Server)
	if !ok {
		ts.Fatalf("no simulated GitHub is served, but a page")
	}
	said := writtenTexts(server.Written())[args[0]]
	if neg != (len(said) == 0) {
		ts.Fatalf("%d texts were written as %s", len(said), args[0])
	}
	if !neg {
		ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(said[len(said)-1]), 0o644))
	}
}

// writtenTexts are the texts that were written, by what they were written as.
func writtenTexts(w githubsim.Written) map[string][]string {
	texts := map[string][]string{}
	for _, c := range w.Comments {
		texts["comment"] = append(texts["comment"], c.Body)
	}
	for _, i := range w.Issues {
		texts["issue"] = append(texts["issue"], i.Body)
	}
	for _, r := range w.CheckRuns {
		texts["check-run"] = append(texts["check-run"], r.Summary)
		texts["check-run-title"] = append(texts["check-run-title"], r.Title)
	}
	for _, s := range w.Statuses {
		texts["status"] = append(texts["status"], s.Description)
	}
	return texts
}

// cmdInert wants that files of Markdown hold nothing that acts on a reader of GitHub, or on a runner that prints them:
// no link that leads elsewhere than below an address, no picture, mention, reference, element or command but the
// report's own:
//
//	inert ADDRESS FILE...
func cmdInert(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: inert ADDRESS FILE...")
	}
	for _, name := range args[1:] {
		content := ts.ReadFile(name)
		if content == "" {
			ts.Fatalf("%s is empty", name)
		}
		if err := inert(content, args[0]); err != nil {
			ts.Fatalf("%s: %v", name, err)
		}
	}
}

var (
	gitHubMarkdown = goldmark.New(goldmark.WithExtensions(extension.GFM))
	// ownElements are the HTML elements and the comment that a report writes.
	ownElements = regexp.MustCompile(
		`</?(?:strong|em|code|sub|sup|span|details|summary)>|<br>|^<!-- kpi-gate: [a-z0-9= ]+ -->`)
	element = regexp.MustCompile(`<[!?/A-Za-z][^>]*>?`)
	// runnerCommand is what a runner takes for a command
	// (https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs).
	runnerCommand = regexp.MustCompile(`(?m)^\s*::|##\[`)
	// autolinked is what GitHub acts on in text: mentions, numbers of issues, addresses. In code it is mentions only.
	autolinked = regexp.MustCompile(`@[A-Za-z0-9]|#[0-9]|://|www\.`)
	mention    = regexp.MustCompile(`@[A-Za-z0-9]`)
)

// inert tells the first thing in a text of Markdown that acts on readers, apart from links below an address.
func inert(content, address string) error {
	for _, c := range content {
		if c != '\n' && c != '\u200c' && c != '\u200d' && unicode.In(c, unicode.Cc, unicode.Cf) {
			return fmt.Errorf("it has the character %U", c)
		}
	}
	if command := runnerCommand.FindString(content); command != "" {
		return fmt.Errorf("a runner would take %q for a command", command)
	}
	if foreign := element.FindString(ownElements.ReplaceAllString(content, "")); foreign != "" {
		return fmt.Errorf("it has the element %q", foreign)
	}
	source, acting := []byte(content), autolinked
	document := gitHubMarkdown.Parser().Parse(text.NewReader(source))
	return ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Link:
			if !strings.HasPrefix(string(n.Destination), address) {
				return ast.WalkStop, fmt.Errorf("a link leads to %s", n.Destination)
			}
		case *ast.RawHTML:
			switch string(n.Segments.Value(source)) {
			case "<code>":
				acting = mention
			case "</code>":
				acting = autolinked
			}
		case *ast.Text:
			shown := html.UnescapeString(string(n.Value(source)))
			if found := acting.FindString(shown); found != "" {
				return ast.WalkStop, fmt.Errorf("GitHub would act on %q in %q", found, shown)
			}
		case *ast.AutoLink, *ast.Image, *ast.Emphasis, *ast.CodeSpan, *ast.CodeBlock, *ast.FencedCodeBlock, *ast.Blockquote,
			*ast.ThematicBreak, *east.Strikethrough, *east.TaskCheckBox:
			return ast.WalkStop, fmt.Errorf("it has a %s", n.Kind())
		}
		return ast.WalkContinue, nil
	})
}
