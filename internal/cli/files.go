package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"kpi-gate/internal/render"
	"kpi-gate/internal/report"
)

// reportFiles are the paths of the files of a report.
type reportFiles struct{ json, summary string }

// checkFolder makes the folder for the report's files and sees that files can be written there, before anything is
// read.
func checkFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("report-dir: making the folder for the report: %w", err)
	}
	probe, err := os.CreateTemp(dir, ".kpi-gate-*")
	if err != nil {
		return fmt.Errorf("report-dir: the folder for the report cannot be written to: %w", err)
	}
	if err := probe.Close(); err != nil {
		return fmt.Errorf("report-dir: the folder for the report cannot be written to: %w", err)
	}
	return os.Remove(probe.Name())
}

// writeFiles writes report.json and summary.md, each whole or not at all.
func writeFiles(dir string, r *report.Report) (reportFiles, error) {
	paths := reportFiles{json: filepath.Join(dir, "report.json"), summary: filepath.Join(dir, "summary.md")}
	for _, f := range []struct {
		path   string
		render render.Renderer
	}{{paths.json, render.JSON}, {paths.summary, render.Markdown}} {
		var content bytes.Buffer
		if err := f.render(&content, r); err != nil {
			return reportFiles{}, fmt.Errorf("writing %s: %w", f.path, err)
		}
		if err := writeFile(f.path, content.Bytes()); err != nil {
			return reportFiles{}, err
		}
	}
	return paths, nil
}

// writeFile puts content in place of the file in one step, so that a reader or an interruption never sees half of it.
func writeFile(path string, content []byte) (err error) {
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
	if _, err = temp.Write(content); err != nil {
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
	return os.Rename(temp.Name(), path)
}
