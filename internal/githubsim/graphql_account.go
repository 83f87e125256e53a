package githubsim

import (
	"strings"
	"time"
)

// account is an actor. Its kind is Bot, Mannequin, Organization or User.
type account struct{ kindOf, login string }

// account is the actor with a login, as Actor fields show it: nil for a deleted account, and a bot's login is without
// "[bot]", which is how GraphQL differs from REST.
func (x *execution) account(login *string, accountType string) any {
	if login == nil || *login == "" {
		return nil
	}
	name, bot := strings.CutSuffix(*login, "[bot]")
	kind := x.index.accounts[name]
	if bot || accountType == "Bot" {
		kind = "Bot"
	}
	switch kind {
	case "Bot", "Mannequin", "Organization":
		return account{kind, name}
	}
	return account{"User", name}
}

// accounts lists actors that cannot be null.
func (x *execution) accounts(connectionName string, logins []string) *connection {
	return &connection{name: connectionName, sequence: items(logins, func(login string) object {
		return account{"User", login}
	})}
}

func (o account) kind() string { return o.kindOf }

func (o account) field(_ *execution, name string, _ arguments) (any, error) {
	switch name {
	case "id":
		return nodeID(o.kindOf[:1], derivedID("user", o.login)), nil
	case "databaseId":
		return derivedID("user", o.login), nil
	case "login":
		return o.login, nil
	case "name":
		return nil, nil
	case "url":
		if o.kindOf == "Bot" {
			return "https://github.com/apps/" + o.login, nil
		}
		return "https://github.com/" + o.login, nil
	}
	return nil, errUnserved
}

// gitActor is who git says wrote or committed something. The account is known only where a login of the world is the
// very name; a bot's name carries "[bot]" and has no User.
type gitActor struct {
	name *string
	bot  bool
	date time.Time
}

func (gitActor) kind() string { return "GitActor" }

func (o gitActor) field(x *execution, name string, _ arguments) (any, error) {
	shown := "Unknown"
	if o.name != nil {
		shown = *o.name
	}
	if o.bot && !strings.HasSuffix(shown, "[bot]") {
		shown += "[bot]"
	}
	switch name {
	case "name":
		return shown, nil
	case "date":
		return o.date, nil
	case "email":
		return email(shown), nil
	case "user":
		if o.name != nil && x.index.accounts[shown] == "User" {
			return account{"User", shown}, nil
		}
		return nil, nil
	}
	return nil, errUnserved
}

// email is the address that GitHub gives to accounts that hide theirs.
func email(name string) string {
	return strings.ReplaceAll(strings.ToLower(name), " ", ".") + "@users.noreply.github.com"
}
