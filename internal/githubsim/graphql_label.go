package githubsim

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// label is a label; the world knows only its name.
type label string

func (label) kind() string { return "Label" }

// labels lists labels in the order given, or by name.
func (x *execution) labels(names []string, a arguments) *connection {
	names = slices.Clone(names)
	field, descending := a.order("orderBy")
	if field == "NAME" {
		slices.Sort(names)
	}
	if descending {
		slices.Reverse(names)
	}
	return &connection{name: "LabelConnection", sequence: items(names, func(n string) object { return label(n) })}
}

func (o label) field(x *execution, name string, _ arguments) (any, error) {
	switch name {
	case "id":
		return nodeID("LA", derivedID("label", string(o))), nil
	case "name":
		return string(o), nil
	case "color":
		return "ededed", nil
	case "description":
		return nil, nil
	case "isDefault":
		return false, nil
	case "url":
		return x.index.webURL() + "/labels/" + url.PathEscape(string(o)), nil
	}
	return nil, errUnserved
}

// milestone is a milestone.
type milestone struct{ *Milestone }

func (milestone) kind() string { return "Milestone" }

// milestones lists milestones.
func (x *execution) milestones(a arguments) *connection {
	states := a.list("states")
	var list []*Milestone
	for i := range x.index.milestones {
		m := &x.index.milestones[i]
		if (len(states) == 0 || slices.Contains(states, m.state())) && len(matching([]string{m.Title}, a.text("query"))) > 0 {
			list = append(list, m)
		}
	}
	field, descending := a.order("orderBy")
	slices.SortFunc(list, func(m, n *Milestone) int {
		order := 0
		switch field {
		case "CREATED_AT", "UPDATED_AT":
			order = m.CreatedAt.Compare(n.CreatedAt)
		case "DUE_DATE":
			switch {
			case m.DueOn != nil && n.DueOn != nil:
				order = m.DueOn.Compare(*n.DueOn)
			case m.DueOn != nil:
				order = -1
			case n.DueOn != nil:
				order = 1
			}
		}
		return cmp.Or(order, cmp.Compare(m.Number, n.Number))
	})
	if descending {
		slices.Reverse(list)
	}
	return &connection{
		name:     "MilestoneConnection",
		sequence: items(list, func(m *Milestone) object { return milestone{m} }),
	}
}

// state is OPEN or CLOSED; a world may leave it to the date.
func (m *Milestone) state() string {
	if strings.EqualFold(m.State, "CLOSED") || m.State == "" && m.ClosedAt != nil {
		return "CLOSED"
	}
	return "OPEN"
}

func (o milestone) field(x *execution, name string, a arguments) (any, error) {
	switch name {
	case "id":
		return o.node(), nil
	case "number":
		return o.Number, nil
	case "title":
		return o.Title, nil
	case "description":
		return nil, nil
	case "state":
		return o.state(), nil
	case "closed":
		return o.state() == "CLOSED", nil
	case "closedAt":
		return instantOrNull(o.ClosedAt), nil
	case "createdAt":
		return o.CreatedAt, nil
	case "updatedAt":
		if o.ClosedAt != nil {
			return *o.ClosedAt, nil
		}
		return o.CreatedAt, nil
	case "dueOn":
		return instantOrNull(o.DueOn), nil
	case "url":
		return x.index.webURL() + "/milestone/" + strconv.Itoa(o.Number), nil
	case "issues":
		return x.issues(a, &o.Title)
	case "pullRequests":
		return x.pullRequests(a, &o.Title), nil
	}
	return nil, errUnserved
}

func (x *execution) milestoneOf(title *string) any {
	if m := x.index.milestone(title); m != nil {
		return milestone{m}
	}
	return nil
}
