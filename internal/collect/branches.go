package collect

import (
	"context"
	"fmt"
	"slices"

	"github.com/shurcooL/githubv4"
)

// heads are the production branches, the default branch first, each with its head as of the end of the window. A branch
// that had no commit then is left out.
func (r *reading) heads(ctx context.Context, known knownCommits) ([]branchHead, error) {
	nodes, err := r.branches(ctx)
	if err != nil {
		return nil, err
	}
	var heads []branchHead
	for _, n := range nodes {
		head := branchHead{
			Name: string(n.Name), SHA: string(n.Target.OID), Committed: second(n.Target.Commit.CommittedDate.Time),
		}
		if !r.request.Until.IsZero() && !head.Committed.Before(r.request.Until) {
			found, err := r.lineBefore(ctx, &head, known)
			if err != nil {
				return nil, fmt.Errorf("looking for the head of %s at %v: %w", n.Name, r.request.Until, err)
			}
			if !found {
				continue
			}
		}
		heads = append(heads, head)
	}
	return heads, nil
}

// branches are the production branches as they are now, the default branch first.
func (r *reading) branches(ctx context.Context) ([]headNode, error) {
	if r.repository.DefaultBranch == "" {
		return nil, nil
	}
	variables := r.variables()
	if r.request.Branch == nil && r.opening.head != nil {
		return []headNode{*r.opening.head}, nil
	}
	if r.request.Branch == nil {
		var q defaultHeadQuery
		delete(variables, "after")
		if err := r.client.Query(ctx, &q, variables); err != nil {
			return nil, err
		}
		if q.Repository.DefaultBranchRef == nil {
			return nil, nil
		}
		return []headNode{*q.Repository.DefaultBranchRef}, nil
	}
	var (
		q     headsQuery
		nodes []headNode
	)
	size := nested
	err := r.pages(ctx, &q, variables, &size, func() (pageInfo, error) {
		for _, n := range q.Repository.Refs.Nodes {
			if n.Name != "" && r.request.Branch(string(n.Name)) {
				nodes = append(nodes, n)
			}
		}
		return q.Repository.Refs.PageInfo, nil
	})
	isDefault := func(n headNode) bool { return string(n.Name) == r.repository.DefaultBranch }
	if i := slices.IndexFunc(nodes, isDefault); i > 0 {
		n := nodes[i]
		nodes = slices.Insert(slices.Delete(nodes, i, i+1), 0, n)
	}
	return nodes, err
}

// lineBefore moves a head down the branch's first-parent line to the newest commit from before the end of the window,
// and reports whether there is one.
//
// Note: history(until:) would not do. It lists commits by date, those of a side branch that was merged only later among
// them, and does not say which of them was the branch's head.
func (r *reading) lineBefore(ctx context.Context, head *branchHead, known knownCommits) (bool, error) {
	for c := known.commits[head.SHA]; c != nil; c = known.commits[head.SHA] {
		head.Committed = c.Committed
		if head.Committed.Before(r.request.Until) {
			return true, nil
		}
		if len(c.Parents) == 0 {
			return false, nil
		}
		head.SHA = c.Parents[0]
	}
	var q lineQuery
	variables := r.variables()
	variables["oid"] = githubv4.GitObjectID(head.SHA)
	seen := map[string]lineNode{}
	found := false
	size := historySize
	err := r.pages(ctx, &q, variables, &size, func() (pageInfo, error) {
		if q.Repository.Object == nil {
			return pageInfo{}, nil
		}
		history := q.Repository.Object.Commit.History
		for _, n := range history.Nodes {
			seen[string(n.OID)] = n
		}
		for {
			n, known := seen[head.SHA]
			if !known {
				return history.PageInfo, nil
			}
			head.Committed = second(n.CommittedDate.Time)
			if head.Committed.Before(r.request.Until) {
				found = true
				return pageInfo{}, nil
			}
			if len(n.Parents.Nodes) == 0 {
				return pageInfo{}, nil
			}
			head.SHA = string(n.Parents.Nodes[0].OID)
		}
	})
	return found, err
}
