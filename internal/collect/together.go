package collect

import (
	"context"
	"errors"
	"slices"

	"golang.org/x/sync/errgroup"
)

// together does n things at the same time. One that fails does not keep the others from being done, unless the reason would
// be the same for them. The error joins all that went wrong, what went wrong alike once.
func together(ctx context.Context, n int, do func(ctx context.Context, i int) error) error {
	failures := make([]error, n)
	group, running := errgroup.WithContext(ctx)
	group.SetLimit(maxReadings)
	for i := range n {
		group.Go(func() error {
			if running.Err() != nil {
				return running.Err()
			}
			err := do(running, i)
			if running.Err() != nil || concernsAll(err) {
				return err
			}
			failures[i] = err
			return nil
		})
	}
	failures = append(failures, group.Wait())
	told := map[string]bool{}
	return errors.Join(slices.DeleteFunc(failures, func(err error) bool {
		if err == nil || told[err.Error()] {
			return true
		}
		told[err.Error()] = true
		return false
	})...)
}
