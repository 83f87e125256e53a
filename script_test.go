package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"kpi-gate/internal/githubsim"
)

var update = flag.Bool("update", false, "write what the program prints into the scripts that compare it")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"kpi-gate": program})
}

// virtualClock is the variable with the instant at which a virtual clock of the program begins, RFC 3339.
const virtualClock = "VIRTUAL_CLOCK"

// patient is the variable in which a script says that waiting takes no time: the program's clock then goes forward
// instead.
const patient = "PATIENT"

// program is kpi-gate, by the clock that the script asks for.
func program() {
	if os.Getenv(patient) == "" && os.Getenv(virtualClock) == "" {
		main()
		return
	}
	var waited atomic.Int64
	if present, err := time.Parse(time.RFC3339, os.Getenv(virtualClock)); err == nil {
		waited.Store(int64(time.Until(present)))
	}
	now := func() time.Time { return time.Now().Add(time.Duration(waited.Load())) }
	os.Exit(run(now, func(ctx context.Context, d time.Duration) error {
		waited.Add(int64(d))
		return ctx.Err()
	}))
}

// TestScript runs the whole program through one story per file of testdata/script, in processes of its own. A script
// has the commands of package testscript and those below; $WORLDS is the folder of the worlds that several scripts
// share, and $GITHUB_TOKEN is set, as it is for a person at a terminal. With PATIENT=1 the program waits without time
// passing.
func TestScript(t *testing.T) {
	t.Parallel()
	worlds, err := filepath.Abs("testdata/world")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("WORLDS", worlds)
			env.Setenv("GITHUB_TOKEN", "ghs_secret")
			env.Values[storyKey{}] = &story{}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"costless": cmdCostless, "exit": cmdExit, "exited": cmdExited, "halve": cmdHalve, "heard": cmdHeard,
			"honest": cmdHonest, "event": cmdEvent, "inert": cmdInert, "input": cmdInput, "interrupt": cmdInterrupt,
			"json": cmdJSON, "requests": cmdRequests, "same": cmdSame, "sim": cmdSim, "stranger": cmdStranger,
			"timeless": cmdTimeless, "version": cmdVersion, "written": cmdWritten,
		},
	})
}

// story is what the commands of one script share.
type story struct {
	github      *simulated
	stranger    *stranger
	interrupted *exec.Cmd
}

type storyKey struct{}

func storyOf(ts *testscript.TestScript) *story { return ts.Value(storyKey{}).(*story) }

// simulated is the GitHub that serves a script.
type simulated struct {
	answer http.Handler
	// answers is how many requests are answered before the rest is left hanging; negative: all are.
	answers int64
	served  atomic.Int64
	hanging chan struct{}
	once    sync.Once
}

// ServeHTTP counts the request, and answers it or leaves it hanging until its client gives up.
func (s *simulated) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if n := s.served.Add(1); s.answers >= 0 && n > s.answers {
		// The server notices that a client has gone only once the request's body is read.
		if _, err := io.Copy(io.Discard, r.Body); err == nil {
			s.once.Do(func() { close(s.hanging) })
			<-r.Context().Done()
		}
		panic(http.ErrAbortHandler)
	}
	s.answer.ServeHTTP(w, r)
}

// simulatedNow is when the simulated rate limits count from. So far in the future no run waits for them to be reset.
var simulatedNow = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)

// page is what a proxy answers in GitHub's place.
func page(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintln(w, "<!doctype html><title>Sign in</title><p>Sign in to go on.")
}

// cmdSim serves a simulated GitHub for the rest of the script, or until the next one:
//
//	sim [-denied=deployments,issues] [-token=T] [-rest-limit=N] [-graphql-limit=N] [-private] [-hang=N] [-page]
//	    [-faults=FILE] [-now] [-with=FILE] [-file=[BRANCH:]PATH=FILE]... FILE|demo
//
// With -with the lists of another world file are added to those of the world; with -file it has a file at a path, on the
// default branch or another one.
// It sets GITHUB_API_URL, GITHUB_GRAPHQL_URL and SIM, the root of both. With -hang=N only the first N requests are
// answered; with -page all are, by a page of HTML. With a negative limit nothing is left of the hour's requests. With
// -faults the failures of a file (githubsim.ParseFaults), in which $NAME is a variable of the script, befall requests.
// With -now rate limits are reset within the hour by the clock, and not in the year 2100.
func cmdSim(ts *testscript.TestScript, neg bool, args []string) {
	flags := flag.NewFlagSet("sim", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	opts := githubsim.Options{Now: simulatedNow}
	flags.StringVar(&opts.Token, "token", "", "")
	flags.IntVar(&opts.RESTLimit, "rest-limit", 5000, "")
	flags.IntVar(&opts.GraphQLLimit, "graphql-limit", 5000, "")
	flags.BoolVar(&opts.Private, "private", false, "")
	denied := flags.String("denied", "", "")
	hang := flags.Int64("hang", -1, "")
	html := flags.Bool("page", false, "")
	faults := flags.String("faults", "", "")
	now := flags.Bool("now", false, "")
	with := flags.String("with", "", "")
	var files repeated
	flags.Var(&files, "file", "")
	if err := flags.Parse(args); err != nil || neg || flags.NArg() != 1 {
		ts.Fatalf("usage: sim [flags] FILE|demo (%v)", err)
	}
	if *denied != "" {
		opts.Denied = strings.Split(*denied, ",")
	}
	if *faults != "" {
		var err error
		opts.Faults, err = githubsim.ParseFaults(strings.NewReader(os.Expand(ts.ReadFile(*faults), ts.Getenv)))
		ts.Check(err)
	}
	if *now {
		opts.Now = time.Now()
	}
	world := githubsim.Generate(githubsim.DemoPlan())
	if name := flags.Arg(0); name != "demo" {
		var err error
		world, err = githubsim.Load(strings.NewReader(ts.ReadFile(name)))
		ts.Check(err)
	}
	if *with != "" {
		ts.Check(extend(world, ts.ReadFile(*with)))
	}
	for _, file := range files {
		ts.Check(place(world, file, ts.ReadFile))
	}
	server, err := githubsim.New(world, opts)
	ts.Check(err)
	github := &simulated{answer: server, answers: *hang, hanging: make(chan struct{})}
	if *html {
		github.answer = http.HandlerFunc(page)
	}
	listening := httptest.NewServer(github)
	ts.Defer(func() {
		listening.CloseClientConnections()
		listening.Close()
	})
	storyOf(ts).github = github
	ts.Setenv("SIM", listening.URL)
	ts.Setenv("GITHUB_API_URL", listening.URL)
	ts.Setenv("GITHUB_GRAPHQL_URL", listening.URL+"/graphql")
}

// repeated is a flag that may be given several times.
type repeated []string

func (r *repeated) String() string     { return strings.Join(*r, " ") }
func (r *repeated) Set(s string) error { *r = append(*r, s); return nil }

// extend adds the lists of a world, in JSON, to those of another.
func extend(world *githubsim.World, more string) error {
	var added githubsim.World
	if err := json.Unmarshal([]byte(more), &added); err != nil {
		return err
	}
	to, from := reflect.ValueOf(world).Elem(), reflect.ValueOf(added)
	for i := range to.NumField() {
		if list := to.Field(i); list.Kind() == reflect.Slice {
			list.Set(reflect.AppendSlice(list, from.Field(i)))
		}
	}
	return nil
}

// place puts a file of the script into a world: [BRANCH:]PATH=FILE.
func place(world *githubsim.World, file string, read func(string) string) error {
	at, name, ok := strings.Cut(file, "=")
	if !ok {
		return fmt.Errorf("%s: want [BRANCH:]PATH=FILE", file)
	}
	branch, path, other := strings.Cut(at, ":")
	if !other {
		if world.Files == nil {
			world.Files = map[string]string{}
		}
		world.Files[at] = read(name)
		return nil
	}
	for i := range world.Branches {
		if world.Branches[i].Name == branch {
			if world.Branches[i].Files == nil {
				world.Branches[i].Files = map[string]string{}
			}
			world.Branches[i].Files[path] = read(name)
			return nil
		}
	}
	return fmt.Errorf("there is no branch %s", branch)
}

// cmdEvent says what set off the workflow, as the runner does:
//
//	event NAME FILE
func cmdEvent(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: event NAME FILE")
	}
	ts.Setenv("GITHUB_EVENT_NAME", args[0])
	ts.Setenv("GITHUB_EVENT_PATH", ts.MkAbs(args[1]))
}

// cmdInput sets an input of the action, in the variable in which the runner passes it, one argument for each line:
//
//	input NAME LINE...
func cmdInput(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: input NAME LINE...")
	}
	// https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax#inputs
	ts.Setenv("INPUT_"+strings.ToUpper(strings.ReplaceAll(args[0], " ", "_")), strings.Join(args[1:], "\n"))
}

// cmdRequests wants that the simulated GitHub was sent at most so many requests:
//
//	requests MAX
func cmdRequests(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: requests MAX")
	}
	most, err := strconv.ParseInt(args[0], 10, 64)
	ts.Check(err)
	github := storyOf(ts).github
	if github == nil {
		ts.Fatalf("no simulated GitHub is served: begin with sim")
	}
	if served := github.served.Load(); served > most {
		ts.Fatalf("%d requests were sent, wanted at most %d", served, most)
	}
}

// cmdExit runs a program and wants that very exit code, where exec knows only success and failure, and that the program
// told the token to nobody:
//
//	exit CODE PROGRAM [ARGUMENT...]
func cmdExit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exit CODE PROGRAM [ARGUMENT...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var ended *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &ended) {
		got = ended.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, wanted %d", got, want)
	}
	wantTokenUntold(ts)
}

// cmdInterrupt waits until the simulated GitHub leaves a request hanging, then sends the program that was last started
// in the background the signal that a cancelled workflow sends:
//
//	interrupt
func cmdInterrupt(ts *testscript.TestScript, neg bool, args []string) {
	s := storyOf(ts)
	programs := ts.BackgroundCmds()
	if neg || len(args) != 0 || s.github == nil || len(programs) == 0 {
		ts.Fatalf("usage: sim -hang=N …, then exec … &, then interrupt")
	}
	// A program that never sends so many requests would hang the test: `go test` ends it, and shows where it stood.
	<-s.github.hanging
	s.interrupted = programs[len(programs)-1]
	ts.Check(s.interrupted.Process.Signal(syscall.SIGTERM))
}

// cmdExited wants the exit code of the program that was interrupted, after wait:
//
//	exited CODE
func cmdExited(ts *testscript.TestScript, neg bool, args []string) {
	program := storyOf(ts).interrupted
	if neg || len(args) != 1 || program == nil || program.ProcessState == nil {
		ts.Fatalf("usage: interrupt, then wait, then exited CODE")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	if got := program.ProcessState.ExitCode(); got != want {
		ts.Fatalf("exit code %d, wanted %d", got, want)
	}
}

// cmdJSON wants a value in a JSON file, as JSON but for the quotes of a text:
//
//	json FILE PATH WANT
//
// PATH names keys, separated by dots; [N] chooses an item of a list, [key=value] the first one with that value, and
// [count] is how many there are: benchmarks[kpi=ci-success-rate].outcome, read.gaps[0].feed, kpis[count]
func cmdJSON(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: json FILE PATH WANT")
	}
	value, err := at(readJSON(ts, args[0]), args[1])
	ts.Check(err)
	got, isText := value.(string)
	if !isText {
		got = inJSON(value)
	}
	if got != args[2] {
		ts.Fatalf("%s is %s, wanted %s", args[1], got, args[2])
	}
}

// step is one step of a path: a key, or a choice in brackets, which may hold dots.
var step = regexp.MustCompile(`^(?:\.?([^.\[\]]+)|\[([^\]]+)\])`)

// at is the value that a path leads to.
func at(value any, path string) (any, error) {
	for rest := path; rest != ""; {
		found := step.FindStringSubmatch(rest)
		if found == nil {
			return nil, fmt.Errorf("%s: %s is no step of a path", path, rest)
		}
		ok := false
		if found[2] != "" {
			value, ok = choose(value, found[2])
		} else if object, isObject := value.(map[string]any); isObject {
			value, ok = object[found[1]]
		}
		if !ok {
			return nil, fmt.Errorf("%s: there is no %s", path, found[0])
		}
		rest = rest[len(found[0]):]
	}
	return value, nil
}

// choose is the item of a list that N or key=value names, or how many there are.
func choose(value any, choice string) (any, bool) {
	list, isList := value.([]any)
	if choice == "count" {
		return len(list), isList
	}
	key, want, isPair := strings.Cut(choice, "=")
	if n, err := strconv.Atoi(choice); err == nil {
		if !isList || n < 0 || n >= len(list) {
			return nil, false
		}
		return list[n], true
	}
	for _, item := range list {
		object, isObject := item.(map[string]any)
		if got, has := object[key]; isPair && isObject && has && fmt.Sprint(got) == want {
			return item, true
		}
	}
	return nil, false
}

// seconds is how long a reading took, in report.json and in text: the only thing that differs between two runs.
var seconds = regexp.MustCompile(`("seconds": | MB, )[0-9.]+`)

// cmdTimeless sets how long the reading took to 0 in files, in place, so that two runs can be compared:
//
//	timeless FILE...
func cmdTimeless(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: timeless FILE...")
	}
	for _, name := range args {
		content := ts.ReadFile(name)
		if !seconds.MatchString(content) {
			ts.Fatalf("%s does not say how long the reading took", name)
		}
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(seconds.ReplaceAllString(content, "${1}0")), 0o644))
	}
}

// cmdCostless takes from report.json files, in place, all that is said of a reading but for what it could not read, so
// that reports from different readings of the same facts can be compared:
//
//	costless FILE...
func cmdCostless(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: costless FILE...")
	}
	for _, name := range args {
		var report map[string]any
		ts.Check(json.Unmarshal([]byte(ts.ReadFile(name)), &report))
		read, ok := report["read"].(map[string]any)
		if !ok {
			ts.Fatalf("%s does not say what was read", name)
		}
		report["read"] = map[string]any{"gaps": read["gaps"]}
		content, err := json.MarshalIndent(report, "", "  ")
		ts.Check(err)
		ts.Check(os.WriteFile(ts.MkAbs(name), content, 0o644))
	}
}

// cmdHalve cuts a file off in the middle:
//
//	halve FILE
func cmdHalve(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: halve FILE")
	}
	content := ts.ReadFile(args[0])
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(content[:len(content)/2]), 0o644))
}

// cmdVersion makes a snapshot file that says it is of a version, and holds nothing else:
//
//	version FILE VERSION
func cmdVersion(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: version FILE VERSION")
	}
	var file bytes.Buffer
	w := gzip.NewWriter(&file)
	_, err := fmt.Fprintf(w, `{"format":"kpi-gate snapshot","version":%s}`+"\n{}\n{}\n", args[1])
	ts.Check(err)
	ts.Check(w.Close())
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), file.Bytes(), 0o644))
}
