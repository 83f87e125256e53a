package githubsim

import (
	"cmp"
	"slices"
	"strings"
)

// alert is a Dependabot alert.
type alert struct{ *Alert }

func (alert) kind() string { return "RepositoryVulnerabilityAlert" }

// alerts lists Dependabot alerts.
func (x *execution) alerts(a arguments) *connection {
	states := a.list("states")
	var list []*Alert
	for i := range x.index.world.Dependabot {
		d := &x.index.world.Dependabot[i]
		if len(states) == 0 || slices.Contains(states, strings.ToUpper(d.State)) {
			list = append(list, d)
		}
	}
	slices.SortFunc(list, func(d, e *Alert) int { return cmp.Compare(d.Number, e.Number) })
	return &connection{
		name:     "RepositoryVulnerabilityAlertConnection",
		sequence: items(list, func(d *Alert) object { return alert{d} }),
	}
}

func (o alert) field(_ *execution, name string, _ arguments) (any, error) {
	automatic := strings.EqualFold(o.State, "AUTO_DISMISSED")
	switch name {
	case "id":
		return o.node(), nil
	case "number":
		return o.Number, nil
	case "state":
		return strings.ToUpper(o.State), nil
	case "createdAt":
		return o.CreatedAt, nil
	case "fixedAt":
		return instantOrNull(o.FixedAt), nil
	case "dismissedAt":
		if automatic {
			return nil, nil
		}
		return instantOrNull(o.DismissedAt), nil
	case "autoDismissedAt":
		if !automatic {
			return nil, nil
		}
		return instantOrNull(o.DismissedAt), nil
	case "securityAdvisory":
		return advisory(o), nil
	case "securityVulnerability":
		return vulnerability(o), nil
	}
	return nil, errUnserved
}

// severity is GraphQL's name for a severity: REST's "medium" is MODERATE, and what a world leaves out is taken as LOW.
func (o alert) severity() string {
	switch s := strings.ToUpper(o.Severity); s {
	case "CRITICAL", "HIGH", "MODERATE":
		return s
	case "MEDIUM":
		return "MODERATE"
	}
	return "LOW"
}

type advisory alert

func (advisory) kind() string { return "SecurityAdvisory" }

func (o advisory) field(_ *execution, name string, _ arguments) (any, error) {
	switch name {
	case "id":
		return nodeID("GSA", derivedID("advisory", o.GHSAID)), nil
	case "ghsaId":
		return o.GHSAID, nil
	case "severity":
		return alert(o).severity(), nil
	}
	return nil, errUnserved
}

type vulnerability alert

func (vulnerability) kind() string { return "SecurityVulnerability" }

func (o vulnerability) field(_ *execution, name string, _ arguments) (any, error) {
	switch name {
	case "severity":
		return alert(o).severity(), nil
	case "package":
		return advisoryPackage(o.PackageName), nil
	}
	return nil, errUnserved
}

type advisoryPackage string

func (advisoryPackage) kind() string { return "SecurityAdvisoryPackage" }

func (o advisoryPackage) field(_ *execution, name string, _ arguments) (any, error) {
	if name == "name" {
		return string(o), nil
	}
	return nil, errUnserved
}
