package config_test

import (
	"testing"
	"time"

	"kpi-gate/internal/config"
	"kpi-gate/internal/gate"
)

func TestTimeoutAndPolicy(t *testing.T) {
	t.Parallel()
	for timeout, want := range map[string]time.Duration{
		"1s": time.Second, "90s": 90 * time.Second, "1h30m": 90 * time.Minute, "6h": 6 * time.Hour, "10min": 10 * time.Minute,
	} {
		if c := resolve(t, config.Settings{Timeout: timeout}); c.Timeout != want {
			t.Errorf("%s is %v, want %v", timeout, c.Timeout, want)
		}
	}
	for policy, want := range map[string]gate.OnNoData{
		"pass": gate.NoDataPasses, "warn": gate.NoDataWarns, "fail": gate.NoDataFails,
	} {
		if c := resolve(t, config.Settings{OnNoData: policy}); c.Gate.OnNoData != want {
			t.Errorf("%s is %q, want %q", policy, c.Gate.OnNoData, want)
		}
	}
}

func TestBudget(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]config.Budget{
		"400":                            {Requests: 400, Points: 400},
		"{ requests: 300, points: 500 }": {Requests: 300, Points: 500},
		"requests: 300":                  {Requests: 300},
		"{points: 1}":                    {Points: 1},
	} {
		if c := resolve(t, config.Settings{Budget: text}); c.Budget != want {
			t.Errorf("%s is %+v, want %+v", text, c.Budget, want)
		}
	}
}
