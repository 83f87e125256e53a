package config

import (
	"regexp"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
)

// mostCost is the most that an hour may cost: beyond it the sums of a report would lose cents.
const mostCost = 1e12

// currencyCode is a code of ISO 4217 (https://www.iso.org/iso-4217-currency-codes.html). Which of them are in use is
// not known here: they only name sums.
var currencyCode = regexp.MustCompile(`^[A-Z]{3}$`)

// cost reads what an hour of downtime costs: { downtime-per-hour: 5000, currency: EUR }.
func (c *Config) cost(d *document, n ast.Node) {
	var cost kpi.Cost
	before := len(d.errs)
	fields(
		field{"downtime-per-hour", true, amount(mostCost, &cost.PerHour)},
		field{"currency", true, text(func(code string) (wrong, nearest string) {
			if !currencyCode.MatchString(code) {
				if upper := strings.ToUpper(code); currencyCode.MatchString(upper) {
					nearest = upper
				}
				return gate.Quote(code) + " is not the code of a currency: three capital letters, such as EUR", nearest
			}
			cost.Currency = code
			return "", ""
		})},
	)(d, n)
	if len(d.errs) == before {
		c.Policy.DowntimeCost = &cost
	}
}
