package config

import (
	"errors"
	"fmt"
	"slices"

	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
)

// setAsked takes which KPIs are to be reported: IDs, families and globs. All are where none is named.
func (c *Config) setAsked(setting string) error {
	names := list(setting)
	if setting != "" && len(names) == 0 {
		return &Error{Setting: "kpis", Value: setting, Message: "names nothing"}
	}
	asked := map[string]bool{}
	var errs []error
	for _, name := range names {
		found, err := c.named(name)
		errs = append(errs, err)
		for _, d := range found {
			asked[d.ID] = true
			// One that is named by itself is wanted, whatever it costs; a family or a glob may mean others.
			c.Jobs = c.Jobs || d.ID == name && slices.Contains(d.Needs, model.Jobs)
		}
	}
	for _, b := range c.Benchmarks {
		asked[b.KPI.ID] = true
		c.Jobs = c.Jobs || slices.Contains(b.KPI.Needs, model.Jobs)
	}
	for _, d := range c.KPIs.All() {
		if len(names) == 0 || asked[d.ID] {
			c.Asked = append(c.Asked, d)
		}
	}
	return errors.Join(errs...)
}

// named are the KPIs of a name: one by its ID, those of a family, or those that a glob matches.
func (c *Config) named(name string) ([]*kpi.Definition, error) {
	if wrong := gate.GlobMistake(name); wrong != "" {
		return nil, &Error{Setting: "kpis", Message: wrong}
	}
	var found []*kpi.Definition
	names := c.KPIs.IDs()
	for _, d := range c.KPIs.All() {
		if string(d.Family) == name || (kpi.Globs{name}).Match(d.ID) {
			found = append(found, d)
		}
		if family := string(d.Family); !slices.Contains(names, family) {
			names = append(names, family)
		}
	}
	if len(found) > 0 {
		return found, nil
	}
	message, nearest := gate.UnknownKPI(name, names)
	if nearest != "" {
		message += fmt.Sprintf("; did you mean %s?", nearest)
	}
	return nil, &Error{Setting: "kpis", Message: message}
}
