package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// Age is how old open issues are.
var Age = registerClass(func(class string) Definition {
	return Definition{
		ID: "age", Title: "Age", Rank: 8, Unit: Seconds, Better: Lower,
		Doc: `per issue open at the end of the window: how long it has been open

Seconds since it was opened.`,
		Empty:  "no issue is open",
		Plain:  "How old the unsolved problems are.",
		Repair: "Resolve the oldest issues, or close as not planned what will not be done.",
		Shape: Amounts(func(p *Pass, amount func(model.Ref, time.Time, float64)) {
			for _, i := range p.class(class) {
				if i.open() {
					amount(i.ref(), i.Created, p.at().Sub(i.Created).Seconds())
				}
			}
		}),
	}
})
