package config

import (
	"fmt"
	"strings"

	"kpi-gate/internal/gate"
)

// noDataPolicies are the values of the setting "on-no-data".
var noDataPolicies = []string{string(gate.NoDataPasses), string(gate.NoDataWarns), string(gate.NoDataFails)}

// setOnNoData takes what follows where a benchmark could not be judged.
func (c *Config) setOnNoData(policy string) error {
	if policy == "" {
		return nil
	}
	for _, known := range noDataPolicies {
		if policy == known {
			c.Gate.OnNoData = gate.OnNoData(policy)
			return nil
		}
	}
	message := "is none of " + strings.Join(noDataPolicies, ", ")
	if near := gate.Nearest(policy, noDataPolicies); near != "" {
		message += fmt.Sprintf("; did you mean %q?", near)
	}
	return &Error{Setting: "on-no-data", Value: policy, Message: message}
}
