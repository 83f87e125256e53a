package githubsim

// workflowRun is a run as GraphQL tells it: neither its status nor its conclusion, which its check suite would tell.
type workflowRun struct{ *WorkflowRun }

func (workflowRun) kind() string { return "WorkflowRun" }

func (o workflowRun) field(x *execution, name string, _ arguments) (any, error) {
	switch name {
	case "id":
		return o.node(), nil
	case "databaseId":
		// The field is called an Int, but the ids of runs have outgrown 32 bits, and GitHub gives them all the same.
		return o.ID, nil
	case "createdAt":
		return o.CreatedAt, nil
	case "updatedAt":
		return o.UpdatedAt, nil
	case "event":
		return o.Event, nil
	case "runNumber":
		return o.RunNumber, nil
	case "url":
		return x.index.runURL(o.WorkflowRun), nil
	}
	return nil, errUnserved
}
