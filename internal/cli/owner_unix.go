//go:build unix

package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// adopt gives a file or a folder to whoever owns the folder that it is in, where the program runs as root: a container
// action does, and what it leaves behind in the workspace of a self-hosted runner as root's keeps the next job from
// cleaning up (https://github.com/actions/runner/issues/434).
func adopt(path string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	folder := filepath.Dir(path)
	info, err := os.Stat(folder)
	if err != nil {
		return fmt.Errorf("finding whose %s is: %w", folder, err)
	}
	of, ok := info.Sys().(*syscall.Stat_t)
	if !ok || of.Uid == 0 {
		return nil
	}
	return os.Lchown(path, int(of.Uid), int(of.Gid))
}
