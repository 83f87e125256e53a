package config

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/goccy/go-yaml/ast"

	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
)

// className is what an issue class may be called: its name begins the IDs of its KPIs, which are the names of outputs
// too.
var className = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// Each class of the user's own has a dozen KPIs; a name is the beginning of their IDs.
const (
	maxClasses     = 30
	maxClassLength = 40
)

// Catalogue is the KPIs that there are with the issue classes that the setting classes names; with the built-in ones
// where it is empty. The error joins every mistake in it.
func Catalogue(classes string) (*kpi.Catalogue, error) {
	c := Config{Policy: kpi.DefaultPolicy(), KPIs: kpi.BuiltIn()}
	if errs := readYAML("classes", classes, c.classes(nil, func(string) {})); len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return c.KPIs, nil
}

// classes reads the issue classes: { bug: { labels: [bug, "type: bug"], types: [Bug] }, … }. A class that is named
// replaces what is known of that name wholly. Labelled are classes whose labels another setting gives, with its name;
// took is told each class that was taken.
func (c *Config) classes(labelled map[string]string, took func(name string)) reader {
	var class kpi.Class
	one := fields(
		field{name: "labels", reader: globs(&class.Labels), about: "Labels of its issues, globs."},
		field{name: "types", reader: globs(&class.Types), about: "Issue types of its issues, globs."},
	)
	one.schema.MinProperties = 1
	described := schema{
		Type: "object", AdditionalProperties: &one.schema, Properties: map[string]schema{},
		PropertyNames: &schema{Pattern: className.String(), MaxLength: maxClassLength},
	}
	for _, name := range builtInClasses() {
		described.Properties[name] = one.schema
	}
	return reader{schema: described, inner: innerOf(".NAME", one), read: func(d *document, n ast.Node) {
		entries, ok := d.mapping(n, "a mapping of names to classes, such as bug: { labels: [bug] },")
		if !ok {
			return
		}
		own := map[string]entry{}
		for _, e := range entries {
			if wrong, nearest := nameMistake(e.name); wrong != "" {
				d.fail(e.key.GetToken(), nearest, "%s", wrong)
				continue
			}
			if setting, twice := labelled[e.name]; twice {
				d.fail(e.key.GetToken(), "", "the setting %s gives the labels of the class %s too: leave one of them out",
					setting, e.name)
			}
			before := len(d.errs)
			class = kpi.Class{}
			one.read(d, e.value)
			if len(d.errs) == before && len(class.Labels)+len(class.Types) == 0 {
				d.fail(start(e.value), "", "a class needs labels or types: without them it is no issue's")
			}
			if _, known := c.Policy.Classes[e.name]; !known {
				own[e.name] = e
			}
			c.Policy.Classes[e.name] = class
			took(e.name)
		}
		c.addClasses(d, own)
	}}
}

// builtInClasses are the names of the classes that there are without any configuration.
func builtInClasses() []string { return slices.Sorted(maps.Keys(kpi.DefaultPolicy().Classes)) }

// addClasses adds the KPIs of the user's own classes to the catalogue.
func (c *Config) addClasses(d *document, own map[string]entry) {
	builtIn := builtInClasses()
	names := builtIn
	for _, name := range slices.Sorted(maps.Keys(c.Policy.Classes)) {
		if _, isNew := own[name]; !isNew && !slices.Contains(builtIn, name) {
			names = append(names, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(own)) {
		if len(names) == len(builtIn)+maxClasses {
			d.fail(own[name].key.GetToken(), "", "there may be %d classes besides the built-in ones", maxClasses)
			break
		}
		extended, err := kpi.NewCatalogue(append(slices.Clip(names), name)...)
		if err != nil {
			d.fail(own[name].key.GetToken(), "", "%v", err)
			delete(c.Policy.Classes, name)
			continue
		}
		c.KPIs, names = extended, append(names, name)
	}
}

// nameMistake says what is wrong with the name of a class, and which name may have been meant.
func nameMistake(name string) (wrong, nearest string) {
	switch {
	case len(name) > maxClassLength:
		return fmt.Sprintf("the name of a class has at most %d characters", maxClassLength), ""
	case className.MatchString(name):
		if meant := misspelt(name); meant != "" {
			return gate.Quote(name) + " would be a class beside " + meant + ", which would keep its labels: name it further from that",
				meant
		}
		return "", ""
	}
	nearest = strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(name)), "-")
	if !className.MatchString(nearest) {
		nearest = ""
	}
	return gate.Quote(name) + " is not a name for a class: it is made of a to z, 0 to 9 and single hyphens between them, and" +
		" begins with a letter", nearest
}

// misspelt is the built-in class that a name misses by a letter, or by two where the name is long; empty for none.
func misspelt(name string) string {
	const long = 6
	for class := range kpi.DefaultPolicy().Classes {
		allowed := 1
		if len(class) > long {
			allowed = 2
		}
		if edits := levenshtein.ComputeDistance(name, class); edits > 0 && edits <= allowed {
			return class
		}
	}
	return ""
}
