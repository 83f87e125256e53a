package githubsim

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"hash/fnv"
	"net/url"
	"strings"
)

// ghostLogin is the account that REST shows in place of a deleted one.
const ghostLogin = "ghost"

// restUser is an account (schema simple-user).
type restUser struct {
	Login             string `json:"login"`
	ID                int64  `json:"id"`
	NodeID            string `json:"node_id"`
	AvatarURL         string `json:"avatar_url"`
	GravatarID        string `json:"gravatar_id"`
	URL               string `json:"url"`
	HTMLURL           string `json:"html_url"`
	FollowersURL      string `json:"followers_url"`
	FollowingURL      string `json:"following_url"`
	GistsURL          string `json:"gists_url"`
	StarredURL        string `json:"starred_url"`
	SubscriptionsURL  string `json:"subscriptions_url"`
	OrganizationsURL  string `json:"organizations_url"`
	ReposURL          string `json:"repos_url"`
	EventsURL         string `json:"events_url"`
	ReceivedEventsURL string `json:"received_events_url"`
	Type              string `json:"type"`
	SiteAdmin         bool   `json:"site_admin"`
}

// user is the account with a login; a deleted one (nil) is the ghost. A bot's login ends in "[bot]" here, while GraphQL
// leaves that out.
func (c *restCall) user(login *string, accountType string) *restUser {
	if login == nil {
		return c.account(ghostLogin, "User")
	}
	name := strings.TrimSuffix(*login, "[bot]")
	kind := cmp.Or(c.api.index.accounts[name], accountType, "User")
	if accountType == "Bot" || name != *login || kind == "Bot" {
		return c.account(name+"[bot]", "Bot")
	}
	return c.account(name, kind)
}

// userOrNull is null where the world does not say who it was.
func (c *restCall) userOrNull(login *string, accountType string) *restUser {
	if login == nil {
		return nil
	}
	return c.user(login, accountType)
}

// users are the accounts with these logins.
func (c *restCall) users(logins []string) []*restUser {
	accounts := make([]*restUser, 0, len(logins))
	for _, login := range logins {
		accounts = append(accounts, c.user(&login, ""))
	}
	return accounts
}

// account describes an account by its login as REST writes it.
func (c *restCall) account(login, accountType string) *restUser {
	id := derivedID("user", strings.TrimSuffix(login, "[bot]"))
	self := c.base + "/users/" + url.PathEscape(login)
	page := webHost + "/" + url.PathEscape(login)
	if accountType == "Bot" {
		page = webHost + "/apps/" + url.PathEscape(strings.TrimSuffix(login, "[bot]"))
	}
	return &restUser{
		Login: login, ID: id, NodeID: nodeID(accountType[:1], id), Type: accountType,
		AvatarURL: fmt.Sprintf("https://avatars.githubusercontent.com/u/%d?v=4", id),
		URL:       self, HTMLURL: page,
		FollowersURL: self + "/followers", FollowingURL: self + "/following{/other_user}",
		GistsURL: self + "/gists{/gist_id}", StarredURL: self + "/starred{/owner}{/repo}",
		SubscriptionsURL: self + "/subscriptions", OrganizationsURL: self + "/orgs", ReposURL: self + "/repos",
		EventsURL: self + "/events{/privacy}", ReceivedEventsURL: self + "/received_events",
	}
}

// derivedID is a stable positive number below 2³¹ for something to which the world gives no number.
func derivedID(kind, name string) int64 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(kind + "\x00" + name)) // a hash never refuses bytes
	return int64(h.Sum32()>>1) + 1
}

// nodeID is a stable global id; its form is opaque to callers, as GitHub's is.
func nodeID(kind string, id int64) string {
	return kind + "_" + base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%s:%d", kind, id))
}
