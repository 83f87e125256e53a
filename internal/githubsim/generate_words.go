package githubsim

import "fmt"

// The words of generated titles.
var (
	features = []string{
		"Show", "Export", "Cache", "Validate", "Sort", "Group", "Translate", "Log", "Retry", "Paginate",
	}
	things = []string{
		"parcel weight", "delivery window", "customs form", "route map", "depot list", "return label",
		"signature image", "tracking number", "driver roster", "address line", "price table",
		"opening hours", "scan history", "pickup slot",
	}
	places = []string{
		"in the counter app", "on the tracking page", "in the driver app", "in the depot view", "in e-mails",
		"in the nightly report", "in the public API", "in the search", "on small screens", "for holidays",
	}
	failures = []string{
		"is missing", "is wrong after midnight", "is cut off", "is shown twice", "loads for ever",
		"loses its accent marks", "crashes for empty input", "ignores the time zone", "is out of order",
		"rounds to zero",
	}
	weaknesses = []string{
		"is not escaped", "leaks a token", "is readable by strangers", "skips the permission check",
		"trusts the price it is sent", "can be guessed",
	}
	steps   = []string{"Address review", "Add a test", "Fix lint", "Rename", "Handle the empty case"}
	modules = []string{"zap", "chi", "pgx", "cobra", "otel", "testify", "grpc", "protobuf", "redis", "uuid"}
)

func (g *generator) word(list []string) string { return list[g.rng.IntN(len(list))] }

// featureTitle is the title of a change or a wish, such as "Sort depot list in the search".
func (g *generator) featureTitle() string {
	return fmt.Sprintf("%s %s %s", g.word(features), g.word(things), g.word(places))
}

// bugTitle is the title of a bug, such as "Return label is cut off in e-mails".
func (g *generator) bugTitle() string { return g.complaint(failures) }

// weaknessTitle is the title of a weakness, such as "Tracking number can be guessed in the public API".
func (g *generator) weaknessTitle() string { return g.complaint(weaknesses) }

// complaint says what is wrong with something.
func (g *generator) complaint(wrong []string) string {
	thing := g.word(things)
	return fmt.Sprintf("%c%s %s %s", thing[0]-'a'+'A', thing[1:], g.word(wrong), g.word(places))
}

// updateTitle is the title of a dependency's update.
func (g *generator) updateTitle() string {
	minor := g.rng.IntN(40)
	return fmt.Sprintf("Bump %s from 1.%d.0 to 1.%d.0", g.word(modules), minor, minor+1)
}

// questionTitle is the title of a question.
func (g *generator) questionTitle() string {
	return fmt.Sprintf("How do I find the %s %s?", g.word(things), g.word(places))
}
