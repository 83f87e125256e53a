package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"kpi-gate/internal/config"
	"kpi-gate/internal/githubsim"
)

// demoCommand is kpi-gate demo.
type demoCommand struct {
	planned `embed:""`

	World string `placeholder:"FILE" help:"World file to serve: a repository made up by the program without it."`
	Serve string `placeholder:"ADDRESS" help:"Only serve, at an address such as 127.0.0.1:8080, until interrupted."`

	config.Settings `embed:""`
}

// Help is shown by kpi-gate demo --help.
func (demoCommand) Help() string {
	return `The simulated GitHub answers on the loopback interface; everything else is real: the requests, the
collection, the KPIs, the gate, the report. Without --benchmarks and --world, one benchmark is breached
on purpose, and the exit code is 1. With --serve the simulated GitHub stays, so that the action can be tried
against it. With --cache FILE a second demo has little left to ask.`
}

// demoToken is what the simulated GitHub takes; it opens nothing.
const demoToken = "demo"

// Run serves the simulated GitHub and measures it.
func (d *demoCommand) Run(ctx context.Context, env Env) error {
	settings := d.Settings
	world, err := d.world()
	if err != nil {
		return &usageError{err}
	}
	now := env.Now()
	if d.World == "" {
		// The made-up repository ends at an instant of its own, whatever the clock says.
		now = githubsim.DemoPlan().Until
	}
	if settings.Repository == "" {
		settings.Repository = world.Repo.Owner + "/" + world.Repo.Name
	}
	if settings.Token == "" {
		settings.Token = demoToken
	}
	sim, err := githubsim.New(world, githubsim.Options{
		Token: demoToken, Now: env.Now().UTC(), RESTLimit: 5000, GraphQLLimit: 5000,
	})
	if err != nil {
		return &usageError{fmt.Errorf("world: %w", err)}
	}
	address := d.Serve
	if address == "" {
		address = "127.0.0.1:0"
	}
	server, err := serve(address, sim)
	if err != nil {
		return &usageError{err}
	}
	defer server.stop()
	fmt.Fprintf(env.Stderr, "A simulated GitHub serves %s/%s at %s (token: %s).\n",
		world.Repo.Owner, world.Repo.Name, server.url, demoToken)
	if d.Serve != "" {
		<-ctx.Done()
		return nil
	}
	at := endpoints{api: server.url, graphql: server.url + "/graphql"}
	if settings.Until == "" {
		settings.Until = now.UTC().Format(time.RFC3339)
	}
	g := &gateRun{env: env, at: at, home: settings.Repository}
	if err := g.configure(ctx, settings, checkPaths); err != nil {
		return err
	}
	if d.Plan {
		return showPlan(ctx, env, g.Config, at)
	}
	err = runReport(ctx, g)
	if errors.Is(err, breachedError{}) {
		fmt.Fprintln(env.Stdout, "\nExit code 1: a benchmark is breached, so as a required check this step would block the"+
			" merge.\n(0: none that fails the run. 2: the configuration is wrong. 3: could not measure.)")
	}
	return err
}

// world is the world to serve.
func (d *demoCommand) world() (*githubsim.World, error) {
	if d.World == "" {
		return githubsim.Generate(githubsim.DemoPlan()), nil
	}
	file, err := os.Open(d.World)
	if err != nil {
		return nil, fmt.Errorf("opening the world file: %w", err)
	}
	defer file.Close()
	world, err := githubsim.Load(file)
	if err != nil {
		return nil, fmt.Errorf("reading the world file %s: %w", d.World, err)
	}
	return world, nil
}

// server is an HTTP server on this machine.
type server struct {
	url  string
	http *http.Server
}

func serve(address string, handler http.Handler) (*server, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("serving the simulated GitHub: %w", err)
	}
	s := &server{
		url:  "http://" + listener.Addr().String(),
		http: &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second},
	}
	go s.http.Serve(listener) //nolint:errcheck // it returns when the server is closed, and says only that
	return s, nil
}

func (s *server) stop() { s.http.Close() }
