package kpi

import (
	"fmt"
	"slices"
	"sort"
	"sync"

	"kpi-gate/internal/model"
)

// Catalogue is the KPIs that a configuration has: the ones that every repository has, and those of its issue classes.
type Catalogue struct {
	all  []*Definition
	byID map[string]*Definition
}

// registry holds the definitions that do not depend on the issue classes, measures those that each class has.
var (
	registry []*Definition
	measures []func(class string) Definition
)

// register adds a definition to every catalogue; it is called only while package variables are initialised.
func register(d Definition) *Definition {
	registry = append(registry, &d)
	return &d
}

// registerClass adds a definition for each issue class of a catalogue; its ID is given without the class.
func registerClass(measure func(class string) Definition) func(string) Definition {
	measures = append(measures, measure)
	return measure
}

// NewCatalogue is the catalogue with KPIs for the given issue classes. It is an error if a class would give a KPI, or a
// family, the name of another.
func NewCatalogue(classes ...string) (*Catalogue, error) {
	c := &Catalogue{byID: map[string]*Definition{}}
	for _, d := range registry {
		c.add(d)
	}
	for _, class := range classes {
		if _, fixed := familyOrder[Family(class)]; fixed && !slices.Contains(builtInClasses, class) {
			return nil, fmt.Errorf("a class cannot be called %s: that is a family of other KPIs", class)
		}
		for _, measure := range measures {
			d := measure(class)
			d.ID, d.Family = class+"-"+d.ID, Family(class)
			d.Needs = append([]model.Feed{model.Issues}, d.Needs...)
			if !c.add(&d) {
				return nil, fmt.Errorf("a class cannot be called %s: there is already a KPI %s", class, d.ID)
			}
		}
	}
	sort.SliceStable(c.all, func(i, j int) bool { return lessDefinition(c.all[i], c.all[j]) })
	return c, nil
}

func (c *Catalogue) add(d *Definition) bool {
	if _, ok := c.byID[d.ID]; ok {
		return false
	}
	c.all, c.byID[d.ID] = append(c.all, d), d
	return true
}

// builtInClasses are the classes that need no configuration.
var builtInClasses = []string{Bug, Incident, Support, Security}

// BuiltIn is the catalogue of the built-in classes: what there is where nothing is configured.
var BuiltIn = sync.OnceValue(func() *Catalogue {
	c, err := NewCatalogue(builtInClasses...)
	if err != nil {
		panic(err) // Two definitions have one ID: no program can be built so and pass a test.
	}
	return c
})

// All lists every definition, families in the order of reports, then in the order of their ranks.
func (c *Catalogue) All() []*Definition { return slices.Clone(c.all) }

// Find returns the definition with the ID, or nil.
func (c *Catalogue) Find(id string) *Definition { return c.byID[id] }

// IDs lists the IDs in the order of All.
func (c *Catalogue) IDs() []string {
	ids := make([]string, len(c.all))
	for i, d := range c.all {
		ids[i] = d.ID
	}
	return ids
}

// familyOrder is the order of the families; classes of the user's own come after the built-in ones.
var familyOrder = map[Family]int{
	Delivery: 0, PullRequests: 1, Planning: 2,
	Family(Bug): 3, Family(Incident): 4, Family(Support): 5, Family(Security): 6,
	CI: 8, Alerts: 9,
}

const ownClasses = 7

func lessDefinition(a, b *Definition) bool {
	rank := func(d *Definition) int {
		if r, ok := familyOrder[d.Family]; ok {
			return r
		}
		return ownClasses
	}
	switch {
	case rank(a) != rank(b):
		return rank(a) < rank(b)
	case a.Family != b.Family:
		return a.Family < b.Family
	case a.Rank != b.Rank:
		return a.Rank < b.Rank
	default:
		return a.ID < b.ID
	}
}
