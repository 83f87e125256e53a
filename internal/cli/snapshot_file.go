package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"kpi-gate/internal/collect"
	"kpi-gate/internal/model"
)

// maxSnapshotFile is the size of the largest snapshot file that is read; what it holds decompressed is bounded as well.
const maxSnapshotFile = 256 << 20

// snapshotFile is a snapshot file that a reading extends.
type snapshotFile struct {
	path    string
	archive collect.Archive
	// aside says why the file that was there is not used; empty where it is, or there was none.
	aside string
	// found is true where there was a file.
	found bool
	// told is what a log says about the file, in lines.
	told []string
}

// checkSnapshotFile sees that a snapshot file can be written, before anything is read; setting names what gave its path.
func checkSnapshotFile(setting, path string) error {
	if path == "" {
		return nil
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s: %s is not a file", setting, path)
	}
	return checkFolder(setting, "the folder of the snapshot file", filepath.Dir(path))
}

// openSnapshotFile reads the snapshot file if it is there. One that cannot be trusted is left aside; an error is that of
// a file which could not be read at all.
func openSnapshotFile(path string) (*snapshotFile, error) {
	f := &snapshotFile{path: path}
	archive, err := loadArchive(path)
	var bad *badSnapshotFileError
	switch {
	case err == nil:
		f.archive, f.found = *archive, true
	case errors.Is(err, fs.ErrNotExist):
		f.tell("%s is not there yet: what is read is kept there", path)
	case errors.As(err, &bad):
		f.found, f.aside = true, bad.Error()
	default:
		return nil, err
	}
	return f, nil
}

// badSnapshotFileError says why a file cannot be used as a snapshot file.
type badSnapshotFileError struct{ reason string }

func (e *badSnapshotFileError) Error() string { return e.reason }

// loadArchive reads a snapshot file. Of one that cannot be trusted the error is a badSnapshotFileError.
func loadArchive(path string) (*collect.Archive, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening the snapshot file: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, fmt.Errorf("opening the snapshot file: %w", err)
	}
	if info.Size() > maxSnapshotFile {
		return nil, &badSnapshotFileError{fmt.Sprintf("it is larger than %d MB", maxSnapshotFile>>20)}
	}
	archive, err := collect.ReadArchive(io.LimitReader(file, maxSnapshotFile))
	if err != nil {
		return nil, &badSnapshotFileError{"it is " + err.Error()}
	}
	return archive, nil
}

// extended takes what a reading made of the file: the snapshot is told why the file was left aside, and the log what was
// known.
func (f *snapshotFile) extended(s *model.Snapshot) {
	if f.aside != "" {
		s.Aside = f.aside
	}
	switch {
	case s.Aside != "":
		f.tell("Warning: %s is left aside, because %s; nothing in it is used, and it is replaced", f.path, s.Aside)
	case f.found:
		f.tell("%s was extended: %s in it did not have to be read again", f.path, counted(s.Usage.Known, "fact"))
	}
}

// keep writes the file.
func (f *snapshotFile) keep() error {
	return writeFile(f.path, func(w io.Writer) error { return collect.WriteArchive(w, &f.archive) })
}

// print writes what there is to say about the file, for a log.
func (f *snapshotFile) print(w io.Writer) error {
	for _, line := range f.told {
		if _, err := fmt.Fprintln(w, line); err != nil {
			return fmt.Errorf("telling of the snapshot file: %w", err)
		}
	}
	return nil
}

// tell adds a line for the log.
func (f *snapshotFile) tell(format string, args ...any) {
	f.told = append(f.told, "Snapshot file: "+fmt.Sprintf(format, args...))
}
