package config

import "github.com/goccy/go-yaml/ast"

// ci reads which runs speak for CI, and whether their jobs are read: { exclude-workflows: [deploy.yml], jobs: true }.
func (c *Config) ci(d *document, n ast.Node) {
	fields(
		field{"exclude-workflows", false, globs(&c.Policy.ExcludedWorkflows)},
		field{"jobs", false, truth(&c.Jobs)},
	)(d, n)
}
