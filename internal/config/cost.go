package config

import (
	"regexp"
	"strings"

	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
)

// mostCost is the most that an hour may cost: beyond it the sums of a report would lose cents.
const mostCost = 1e12

// currencyCode is a code of ISO 4217 (https://www.iso.org/iso-4217-currency-codes.html). Which of them are in use is
// not known here: they only name sums.
var currencyCode = regexp.MustCompile(`^[A-Z]{3}$`)

// cost reads what an hour of downtime costs: { downtime-per-hour: 5000, currency: EUR }.
func (c *Config) cost() reader {
	var cost kpi.Cost
	mapping := fields(
		field{
			name: "downtime-per-hour", required: true, about: "What an hour of downtime costs.",
			reader: amount(mostCost, &cost.PerHour),
		},
		field{
			name: "currency", required: true, about: "Its currency, by the code of ISO 4217, such as EUR.",
			reader: text(currency(&cost.Currency)),
		},
	)
	return mapping.ifRight(func() { c.Policy.DowntimeCost = &kpi.Cost{PerHour: cost.PerHour, Currency: cost.Currency} })
}

// currency takes the code of a currency.
func currency(into *string) taker {
	return taker{
		schema: schema{Type: "string", Pattern: currencyCode.String(), Examples: []string{"EUR"}},
		take: func(code string) (wrong, nearest string) {
			if !currencyCode.MatchString(code) {
				if upper := strings.ToUpper(code); currencyCode.MatchString(upper) {
					nearest = upper
				}
				return gate.Quote(code) + " is not the code of a currency: three capital letters, such as EUR", nearest
			}
			*into = code
			return "", ""
		},
	}
}
