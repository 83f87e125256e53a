package githubsim

// The plans of the worlds that reading is measured on. Their deployments are to staging and production together, and the
// runs have no jobs.

// SmallPlan is a quarter of a small team: 200 pull requests, 150 issues, 60 deployments and 2,000 runs in 90 days.
func SmallPlan() Plan { return measured(90, 200, 150, 60, 2000) }

// MediumPlan is a year of a team: 2,000 pull requests, 1,500 issues, 600 deployments and 20,000 runs in 365 days.
func MediumPlan() Plan { return measured(365, 2000, 1500, 600, 20_000) }

// LargePlan is a year of a large repository: 10,000 pull requests, 8,000 issues, 3,000 deployments and 100,000 runs in
// 365 days.
func LargePlan() Plan { return measured(365, 10_000, 8000, 3000, 100_000) }

func measured(days, pulls, issues, deployments, runs int) Plan {
	return Plan{
		Seed: 4, Days: days, PullRequests: pulls, Issues: issues, Deployments: deployments, Runs: runs, Failing: 0.1,
	}
}
