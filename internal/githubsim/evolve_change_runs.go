package githubsim

import (
	"slices"
	"time"
)

// Rerun runs all jobs of a run again that had ended: its next attempt begins. FinishRun ends it.
func Rerun(id int64, at time.Time) Change {
	return change(at, func(w *World) {
		r := w.run(id)
		if r == nil || r.Status != "completed" {
			return
		}
		r.RunAttempt = max(r.RunAttempt, 1) + 1
		r.Status, r.Conclusion, r.RunStartedAt, r.UpdatedAt = "in_progress", "", &at, later(at, r.UpdatedAt)
		r.Jobs = slices.Clone(r.Jobs)
		for i := range r.Jobs {
			j := &r.Jobs[i]
			// Each attempt has jobs of its own; ids of GitHub's are far from each other.
			const nextAttempt = 1_000_000_000
			j.ID += nextAttempt
			j.Status, j.Conclusion, j.CreatedAt, j.StartedAt, j.CompletedAt = "in_progress", "", at, &at, nil
		}
	}, "run %d is run again", id)
}

// FinishRun ends a run that is in progress.
func FinishRun(id int64, conclusion string, at time.Time) Change {
	return change(at, func(w *World) {
		r := w.run(id)
		if r == nil || r.Status == "completed" {
			return
		}
		r.Status, r.Conclusion, r.UpdatedAt = "completed", conclusion, later(at, r.UpdatedAt)
		r.Jobs = slices.Clone(r.Jobs)
		for i := range r.Jobs {
			if j := &r.Jobs[i]; j.CompletedAt == nil {
				j.Status, j.Conclusion, j.CompletedAt = "completed", conclusion, &at
			}
		}
	}, "run %d ends with %s", id, conclusion)
}

// DeleteRun deletes a run.
func DeleteRun(id int64, at time.Time) Change {
	return change(at, func(w *World) {
		w.WorkflowRuns = slices.DeleteFunc(w.WorkflowRuns, func(r WorkflowRun) bool { return r.ID == id })
	}, "run %d is deleted", id)
}

// AddStatus gives a deployment another status, such as FAILURE, INACTIVE or SUCCESS.
func AddStatus(deployment int64, state string, at time.Time) Change {
	return change(at, func(w *World) {
		for i := range w.Deployments {
			if d := &w.Deployments[i]; d.ID == deployment {
				d.Statuses = grown(d.Statuses, DeploymentStatus{State: state, CreatedAt: later(at, d.updated())})
			}
		}
	}, "deployment %d is %s", deployment, state)
}

// DeleteDeployment deletes a deployment.
func DeleteDeployment(id int64, at time.Time) Change {
	return change(at, func(w *World) {
		w.Deployments = slices.DeleteFunc(w.Deployments, func(d Deployment) bool { return d.ID == id })
	}, "deployment %d is deleted", id)
}
