// Contract cuts GitHub's published API descriptions to what the simulated GitHub serves, so that tests can hold the
// simulation against GitHub's own words. Run it from the root of the repository, after fetching the descriptions:
//
//	npm install --no-save @octokit/graphql-schema@15.26.1 @octokit/openapi@23.0.2
//	go run ./internal/githubsim/contract \
//	  -graphql node_modules/@octokit/graphql-schema/schema.graphql \
//	  -openapi node_modules/@octokit/openapi/generated/api.github.com.json
//
// What is kept is listed in graphql.txt and openapi.txt beside this file.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
)

const (
	lists = "internal/githubsim/contract/"
	cuts  = "internal/githubsim/testdata/"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "contract:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("contract", flag.ContinueOnError)
	graphQL := flags.String("graphql", "", "GitHub's GraphQL schema, to be cut")
	openAPI := flags.String("openapi", "", "GitHub's OpenAPI description, to be cut")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *graphQL == "" && *openAPI == "" {
		return errors.New("nothing to cut: neither -graphql nor -openapi is set")
	}
	var failed []error
	if *graphQL != "" {
		failed = append(failed, cutGraphQL(*graphQL, lists+"graphql.txt", cuts+"github.graphql"))
	}
	if *openAPI != "" {
		failed = append(failed, cutOpenAPI(*openAPI, lists+"openapi.txt", cuts+"openapi.json"))
	}
	return errors.Join(failed...)
}
