package collect

import (
	"strings"

	gogithub "github.com/google/go-github/v60/github"
	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/model"
)

// account is GraphQL's Actor. A field of this type is always a pointer: null stands for a deleted account.
type account struct {
	Login    githubv4.String
	Typename githubv4.String `graphql:"__typename"`
}

// actor is who a nullable GraphQL field names; null is model.Ghost.
func (a *account) actor() model.Actor {
	if a == nil {
		return model.Actor{Login: model.Ghost}
	}
	return namedActor(string(a.Login), a.Typename == "Bot")
}

// userActor is who a REST field names. REST itself answers with the login of model.Ghost for a deleted account, so nil
// means that GitHub does not say: the zero Actor.
func userActor(u *gogithub.User) model.Actor {
	if u == nil {
		return model.Actor{}
	}
	return namedActor(u.GetLogin(), u.GetType() == "Bot")
}

// namedActor is the account of that login or, for a commit, the author of that name. REST and commits show a bot's
// login with the suffix "[bot]", GraphQL without.
func namedActor(login string, bot bool) model.Actor {
	bare, suffixed := strings.CutSuffix(login, "[bot]")
	return model.Actor{Login: bare, Bot: bot || suffixed}
}
