package config

import (
	"errors"
	"fmt"
	"slices"

	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
)

// setNamed takes which KPIs are to be reported from the setting: IDs, families and globs.
func (r *resolution) setNamed(setting string) error {
	names, err := list("kpis", setting)
	if err != nil {
		return err
	}
	var errs []error
	for _, name := range names {
		if wrong, nearest := r.namedMistake(name); wrong != "" {
			if nearest != "" {
				wrong += fmt.Sprintf("; did you mean %s?", nearest)
			}
			errs = append(errs, &Error{Setting: "kpis", Message: wrong})
		}
	}
	r.names = names
	return errors.Join(errs...)
}

// named reads which KPIs are to be reported from the file.
func (r *resolution) named() reader {
	name := schema{AnyOf: []schema{{Type: "string", Enum: nameable(kpi.BuiltIn())}, {Type: "string", MinLength: 1}}}
	return collected(&r.names, texts, taker{schema: name, take: r.namedMistake})
}

// setAsked finds the KPIs of the names, and those of the benchmarks. All are asked for where none is named.
func (r *resolution) setAsked() {
	asked, jobs := map[string]bool{}, r.Jobs
	for _, name := range r.names {
		for _, d := range r.ofName(name) {
			asked[d.ID] = true
			// One that is named by itself is wanted, whatever it costs; a family or a glob may mean others.
			r.Jobs = r.Jobs || d.ID == name && slices.Contains(d.Needs, model.Jobs)
		}
	}
	for _, b := range r.Benchmarks {
		asked[b.KPI.ID] = true
		r.Jobs = r.Jobs || slices.Contains(b.KPI.Needs, model.Jobs)
	}
	r.follows = r.Jobs && !jobs
	for _, d := range r.KPIs.All() {
		if len(r.names) == 0 || asked[d.ID] {
			r.Asked = append(r.Asked, d)
		}
	}
}

// ofName are the KPIs of a name: one by its ID, those of a family, or those that a glob matches.
func (c *Config) ofName(name string) []*kpi.Definition {
	var found []*kpi.Definition
	for _, d := range c.KPIs.All() {
		if string(d.Family) == name || (kpi.Globs{name}).Match(d.ID) {
			found = append(found, d)
		}
	}
	return found
}

// namedMistake says what is wrong with a name of KPIs, and which one may have been meant.
func (c *Config) namedMistake(name string) (wrong, nearest string) {
	if wrong = gate.GlobMistake(name); wrong != "" || len(c.ofName(name)) > 0 {
		return wrong, ""
	}
	return gate.UnknownKPI(name, nameable(c.KPIs))
}

// nameable are the IDs and the families of the KPIs.
func nameable(of *kpi.Catalogue) []string {
	names := of.IDs()
	for _, d := range of.All() {
		if family := string(d.Family); !slices.Contains(names, family) {
			names = append(names, family)
		}
	}
	return names
}
