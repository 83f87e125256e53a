package gate

import "kpi-gate/internal/kpi"

// ParseBreach reads the condition under which a benchmark is breached, in the form that Parse reads:
// "change-failure-rate > 15%" is the benchmark that holds at 15% or less. The benchmark's Text is "if " and the
// condition; its String is what must hold. A condition that is met while the figure is good is refused, since it is
// nearly always one that was meant to hold. An error is a *SyntaxError about the line as it was given.
func (l Language) ParseBreach(line string) (Benchmark, error) {
	b, err := l.parse(line, 1, true)
	if err != nil {
		return Benchmark{}, err
	}
	b.Text = "if " + b.Text
	return b, nil
}

// opposite is the operator that holds where this one does not.
func (o Operator) opposite() Operator {
	switch o {
	case AtMost:
		return Above
	case Below:
		return AtLeast
	case AtLeast:
		return Below
	default:
		return AtMost
	}
}

// better says which way the benchmark's figure is better: within(D) is the share of what was done in time, and so
// better the other way than the lengths that it is drawn from.
func (b Benchmark) better() kpi.Direction {
	if (b.Statistic.Name == within) == (b.KPI.Better == kpi.Higher) {
		return kpi.Lower
	}
	return kpi.Higher
}

// breachOperator reads the operator of a condition under which the benchmark is breached, and turns it into that under
// which it holds.
func (p *parser) breachOperator(b Benchmark) (Operator, *SyntaxError) {
	p.blanks()
	from := p.at
	read, err := p.operator(b.KPI)
	if err != nil {
		return "", err
	}
	holds := read.opposite()
	if better := b.better(); holds.isLower() != (better == kpi.Higher) {
		return "", p.fail(from, p.at, "",
			"it would be breached while %s is good (%s is better): if: is for what breaches a benchmark; write hold: for what"+
				" must hold", b.subject(), better)
	}
	return holds, nil
}
