//go:build unix

package cli

import (
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// What root writes into somebody's folder is that somebody's, folders that had to be made for it included.
func TestFilesBelongToTheOwnerOfTheirFolder(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	workspace := t.TempDir()
	const owner, group = 1001, 1002
	if err := os.Chown(workspace, owner, group); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(workspace, "reports", "kpi")
	file := filepath.Join(dir, "report.json")
	for range 2 { // new, and in place of an earlier one
		if err := writeFile(file, func(w io.Writer) error { _, err := io.WriteString(w, "{}"); return err }); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{filepath.Dir(dir), dir, file} {
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			if of := info.Sys().(*syscall.Stat_t); of.Uid != owner || of.Gid != group {
				t.Errorf("%s belongs to %d:%d, want %d:%d", path, of.Uid, of.Gid, owner, group)
			}
			if mode := info.Mode().Perm(); mode&0o022 != 0 {
				t.Errorf("%s may be written by others: %v", path, mode)
			}
		}
	}
}
