package cli

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"kpi-gate/internal/config"
	"kpi-gate/internal/render"
	"kpi-gate/internal/report"
)

// reportFiles are the paths of the files of a report.
type reportFiles struct{ json, summary, badge string }

// checkFolder sees that files can be written to a folder, or that it can be made where it is not there yet, before
// anything is read. It leaves nothing behind. What the folder is for and the setting that gave it are named in errors.
func checkFolder(setting, what, dir string) error {
	there := filepath.Clean(dir)
	info, err := os.Stat(there)
	for errors.Is(err, fs.ErrNotExist) && filepath.Dir(there) != there {
		there = filepath.Dir(there)
		info, err = os.Stat(there)
	}
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s is not a folder", there)
	}
	if err != nil {
		return fmt.Errorf("%s: %s %s cannot be made: %w", setting, what, dir, err)
	}
	probe, err := os.CreateTemp(there, ".kpi-gate-*")
	if err != nil {
		return fmt.Errorf("%s: %s %s cannot be written to: %w", setting, what, dir, err)
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// makeFolder makes a folder, and those that it is in, where they are not there yet.
func makeFolder(dir string) error {
	if _, err := os.Stat(dir); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return os.MkdirAll(dir, 0o755) // Its error says that a file is in the way.
	}
	if parent := filepath.Dir(dir); parent != dir {
		if err := makeFolder(parent); err != nil {
			return err
		}
	}
	if err := os.Mkdir(dir, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return adopt(dir)
}

// checkPaths sees that all can be written that a run leaves behind.
func checkPaths(c config.Config) error {
	if err := checkFolder("report-dir", "the folder for the report", c.ReportDir); err != nil {
		return err
	}
	return checkSnapshotFile("cache", c.Cache)
}

// writeFiles writes report.json, summary.md and badge.json, each whole or not at all.
func writeFiles(dir string, r *report.Report) (reportFiles, error) {
	paths := reportFiles{
		json: filepath.Join(dir, "report.json"), summary: filepath.Join(dir, "summary.md"),
		badge: filepath.Join(dir, "badge.json"),
	}
	for _, f := range []struct {
		path   string
		render render.Renderer
	}{{paths.json, render.JSON}, {paths.summary, render.Markdown}, {paths.badge, render.Badge}} {
		var content bytes.Buffer
		if err := f.render(&content, r); err != nil {
			return reportFiles{}, fmt.Errorf("writing %s: %w", f.path, err)
		}
		if err := writeFile(f.path, func(w io.Writer) error {
			_, err := content.WriteTo(w)
			return err
		}); err != nil {
			return reportFiles{}, err
		}
	}
	return paths, nil
}

// writeFile puts what write gives in place of the file in one step, so that a reader or an interruption never sees half
// of it.
func writeFile(path string, write func(io.Writer) error) (err error) {
	if err := makeFolder(filepath.Dir(path)); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	temp, err := os.CreateTemp(filepath.Dir(path), ".kpi-gate-*")
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			os.Remove(temp.Name())
			err = fmt.Errorf("writing %s: %w", path, err)
		}
	}()
	buffered := bufio.NewWriterSize(temp, 1<<16)
	if err = errors.Join(write(buffered), buffered.Flush()); err != nil {
		temp.Close()
		return err
	}
	// Readable by later steps, which may run as another user than the container does.
	if err = temp.Chmod(0o644); err != nil {
		temp.Close()
		return err
	}
	if err = temp.Close(); err != nil {
		return err
	}
	if err = adopt(temp.Name()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}
