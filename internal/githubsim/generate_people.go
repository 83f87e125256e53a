package githubsim

// contributor is somebody who opens, reviews and discusses things in a generated world.
type contributor struct {
	login       string
	association string
	bot         bool
}

// team are the maintainers. Some hide their membership, so that GitHub shows them as CONTRIBUTOR or NONE.
var team = []contributor{
	{login: "amara-okafor", association: "MEMBER"},
	{login: "bjorn-lund", association: "MEMBER"},
	{login: "chiara-rossi", association: "OWNER"},
	{login: "dmitri-volkov", association: "CONTRIBUTOR"},
	{login: "elif-kaya", association: "MEMBER"},
	{login: "farah-haddad", association: "COLLABORATOR"},
	{login: "goran-petrov", association: "NONE"},
	{login: "hana-sato", association: "MEMBER"},
}

// users report bugs, ask questions and sometimes send a change.
var users = []contributor{
	{login: "counter-clerk", association: "NONE"},
	{login: "depot-nine", association: "CONTRIBUTOR"},
	{login: "fleet-ops", association: "NONE"},
	{login: "harbour-desk", association: "NONE"},
	{login: "late-parcel", association: "NONE"},
	{login: "mail-room", association: "CONTRIBUTOR"},
	{login: "night-courier", association: "NONE"},
	{login: "return-label", association: "NONE"},
	{login: "sorting-hall", association: "CONTRIBUTOR"},
	{login: "van-driver", association: "NONE"},
}

// The bots: one updates dependencies, one runs the deployments.
var (
	updater  = contributor{login: "dependabot", association: "NONE", bot: true}
	deployer = contributor{login: "github-actions", association: "NONE", bot: true}
)

// kind is the account's type as world files hold it; empty for people.
func (c contributor) kind() string {
	if c.bot {
		return "Bot"
	}
	return ""
}

// name is the login, nil for an account that was deleted.
func (c contributor) name() *string {
	if c.login == "" {
		return nil
	}
	return &c.login
}

// maintainer is a member of the team other than one.
func (g *generator) maintainer(other string) contributor {
	for {
		if c := team[g.rng.IntN(len(team))]; c.login != other {
			return c
		}
	}
}

// reporter opens issues: mostly users, sometimes the team, sometimes somebody whose account is gone.
func (g *generator) reporter() contributor {
	switch {
	case g.chance(0.03):
		return contributor{association: "NONE"}
	case g.chance(0.3):
		return g.maintainer("")
	}
	return users[g.rng.IntN(len(users))]
}

// author writes changes: mostly the team.
func (g *generator) author() contributor {
	switch {
	case g.chance(0.02):
		return contributor{association: "NONE"}
	case g.chance(0.12):
		return users[g.rng.IntN(len(users))]
	}
	return g.maintainer("")
}
