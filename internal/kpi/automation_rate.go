package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// AutomationRate is the share of deployments that need nobody's hand.
var AutomationRate = register(Definition{
	ID: "automation-rate", Title: "Automation rate", Family: Delivery, Rank: 7,
	Unit: Ratio, Better: Higher, NeedsSource: true,
	Doc: `of the successful production deployments finished in the window, those made by a bot

Made by a bot: for the source deployments the creator is a bot; for workflow the run was not started by hand
(workflow_dispatch), or a bot started it so; for releases the author is a bot. Tags and merges do not tell who made
them. Bots are GitHub's own, logins that end in [bot], and those that the configuration lists.
Bias: a deployment that a job's environment makes has whoever started the run as its creator, so that for the source
deployments a push by a person counts as made by a person. The source workflow tells the two apart.`,
	Empty:      "no production deployment succeeded in the window",
	Plain:      "How often a new version reaches its users without anybody having to start it.",
	Moves:      "Deployments that a merge starts, and approvals or buttons in between.",
	BalancedBy: []string{"change-failure-rate"},
	Items:      deploymentItems,
	Repair:     "Let the merge start the deployment; a bot's token or a workflow on push takes the place of a button.",
	Applies: func(p *Pass) string {
		if p.source == model.SourceTags || p.source == model.SourceMerges {
			return "the source " + string(p.source) + " does not tell who made a deployment"
		}
		return ""
	},
	Shape: Share(func(p *Pass, trial func(model.Ref, time.Time, bool)) {
		for _, d := range p.deployed().successful {
			if p.Window.Contains(d.finished) {
				trial(d.ref, d.finished, p.automatic(d.ref))
			}
		}
	}),
})

// automatic reports whether nobody had to start a deployment.
func (p *Pass) automatic(deployment model.Ref) bool {
	switch deployment.Kind {
	case model.RefDeployment:
		d := p.index().deployments[deployment.ID]
		return d != nil && p.people.isBot(d.Creator)
	case model.RefRun:
		run := p.index().runs[deployment.ID]
		return run != nil && (run.Event != manual || p.people.isBot(run.Actor))
	case model.RefRelease:
		r := p.index().releases[deployment.ID]
		return r != nil && p.people.isBot(r.Author)
	default:
		return false
	}
}
