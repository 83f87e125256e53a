package githubsim

import "time"

// run puts a run back: to an earlier attempt, or to the course of this one.
func (p *past) run(r *WorkflowRun) {
	started := r.CreatedAt
	if r.RunStartedAt != nil {
		started = *r.RunStartedAt
	}
	over := r.UpdatedAt.Before(p.t) && started.Before(p.t)
	switch {
	case over && r.Status == "completed":
		return
	case over:
	case r.RunAttempt > 1 && !started.Before(p.t):
		p.earlierAttempt(r, started)
		return
	case !started.Before(p.t):
		r.Status, r.Conclusion, r.RunStartedAt, r.UpdatedAt = "queued", "", nil, r.CreatedAt
	default:
		r.Status, r.Conclusion, r.UpdatedAt = "in_progress", "", started
	}
	r.Jobs = each(before(r.Jobs, p.t, func(j *Job) time.Time { return j.CreatedAt }), p.job)
}

// longestAttempt bounds how long an attempt of which the world knows nothing is taken to have lasted.
const longestAttempt = 10 * time.Minute

// earlierAttempt puts a run back to the attempt before the one that the world tells, which began at next. It failed, or
// it would not have been run again; its jobs are not known.
func (p *past) earlierAttempt(r *WorkflowRun, next time.Time) {
	began := r.CreatedAt
	ended := began.Add(min(next.Sub(began)/2, longestAttempt).Truncate(time.Second))
	r.RunAttempt--
	r.RunStartedAt, r.UpdatedAt, r.Jobs = &began, ended, nil
	r.Status, r.Conclusion = "completed", "failure"
	if !ended.Before(p.t) {
		r.Status, r.Conclusion, r.UpdatedAt = "in_progress", "", began
	}
}

func (p *past) job(j *Job) {
	if j.StartedAt != nil && !p.had(j.StartedAt) {
		j.Status, j.Conclusion, j.StartedAt, j.CompletedAt = "queued", "", nil, nil
		return
	}
	// A run goes on as long as one of its jobs does: those that the world completes without a time end with the run.
	if !p.had(j.CompletedAt) {
		j.Status, j.Conclusion, j.CompletedAt = "in_progress", "", nil
	}
}
