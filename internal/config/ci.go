package config

// ci reads which runs speak for CI, and whether their jobs are read: { exclude-workflows: [deploy.yml], jobs: true }.
func (c *Config) ci() reader {
	return fields(
		field{
			name: "exclude-workflows", reader: globs(&c.Policy.ExcludedWorkflows),
			about: "Workflow files whose runs do not speak for CI, globs, such as deploy.yml.",
		},
		field{
			name: "jobs", reader: truth(&c.Jobs),
			about: "Whether the jobs of workflow runs are read, for ci-queue-time; that takes a request for each run.",
		},
	)
}
