package cli

import (
	"encoding/json"
	"fmt"
	"strings"

	"kpi-gate/internal/config"
	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
)

// settingsKeys are the keys of a configuration file that say what settings say of what is measured.
func settingsKeys(s config.Settings, c config.Config) string {
	var keys strings.Builder
	if s.Config != "" {
		// A name of a file may hold anything but what would end the comment.
		fmt.Fprintf(&keys, "# Drawn with what %q says counts as what: put these benchmarks there, beside its other keys.\n",
			s.Config)
	}
	fmt.Fprintf(&keys, "window: %s\n", gate.FormatDuration(c.Window.Length()))
	mapping := func(key string, entries ...string) {
		var given []string
		for _, entry := range entries {
			if entry != "" {
				given = append(given, entry)
			}
		}
		if len(given) > 0 {
			fmt.Fprintf(&keys, "%s: { %s }\n", key, strings.Join(given, ", "))
		}
	}
	entry := func(setting, key string, names []string) string {
		if setting == "" {
			return ""
		}
		return key + ": " + flow(names)
	}
	mapping("production",
		entry(s.Environments, "environments", c.Policy.Environments), entry(s.Branches, "branches", c.Policy.Branches))
	source := ""
	if s.Deployments != "" {
		source = "source: " + s.Deployments
	}
	mapping("deployments", source,
		entry(s.DeployWorkflow, "workflow", c.Policy.Workflows), entry(s.Tags, "tags", c.Policy.Tags))
	if s.Classes != "" || s.BugLabels != "" || s.IncidentLabels != "" {
		keys.WriteString("classes:\n")
		if s.Classes != "" {
			block(&keys, s.Classes)
		}
		for _, class := range []struct{ name, setting string }{{kpi.Bug, s.BugLabels}, {kpi.Incident, s.IncidentLabels}} {
			if class.setting == "" {
				continue
			}
			of := c.Policy.Classes[class.name]
			types := ""
			if len(of.Types) > 0 {
				types = ", types: " + flow(of.Types)
			}
			fmt.Fprintf(&keys, "  %s: { labels: %s%s }\n", class.name, flow(of.Labels), types)
		}
	}
	for _, y := range []struct{ key, text string }{
		{"business-time", s.BusinessTime}, {"cost", s.Cost}, {"ci", s.CI},
	} {
		if y.text != "" {
			fmt.Fprintf(&keys, "%s:\n", y.key)
			block(&keys, y.text)
		}
	}
	return keys.String()
}

// block writes the value of a setting that is YAML below its key.
func block(keys *strings.Builder, text string) {
	for line := range strings.Lines(strings.TrimSpace(text)) {
		keys.WriteString("  " + strings.TrimRight(line, "\r\n") + "\n")
	}
}

// flow writes names as a list of YAML, each in the quotes of JSON, which YAML reads alike.
func flow(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		text, err := json.Marshal(name)
		if err != nil {
			text = fmt.Appendf(nil, "%q", name) // No text makes Marshal fail.
		}
		quoted[i] = string(text)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}
