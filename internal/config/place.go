package config

import (
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// DefaultPath is the path of the configuration file where the settings name none.
const DefaultPath = ".github/kpi-gate.yml"

// The places that the setting config-from names.
const (
	fromBase      = "base"
	fromWorkspace = "workspace"
	fromNowhere   = "none"
)

// maxPath is how many bytes the path of the file may have.
const maxPath = 255

// Place says where the configuration file is to be read: its path in the repository, with slashes and without "..";
// from the workspace on disk, or else over the API; and whether it must be there, because the setting config names it.
// The path is empty where no file is to be read.
func Place(s Settings) (file string, workspace, required bool, err error) {
	file, required = DefaultPath, s.Config != ""
	if required {
		if file, err = checkPath(s.Config); err != nil {
			return "", false, false, err
		}
	}
	places := []string{fromBase, fromWorkspace, fromNowhere}
	from := either(s.ConfigFrom, fromBase)
	if err := notAmong("config-from", from, places); err != nil {
		return "", false, false, err
	}
	if from == fromNowhere {
		if required {
			return "", false, false, &Error{Setting: "config", Value: s.Config, Message: "has no place beside config-from: none"}
		}
		return "", false, false, nil
	}
	return file, from == fromWorkspace, required, nil
}

// checkPath is the path in its shortest form, if it is one of a file in the repository.
func checkPath(file string) (string, error) {
	wrong := ""
	clean := path.Clean(file)
	switch {
	case len(file) > maxPath:
		return "", &Error{Setting: "config", Message: "the path has more than 255 bytes"}
	case !utf8.ValidString(file) || strings.ContainsFunc(file, unicode.IsControl):
		wrong = "has a character that no path should have"
	case strings.Contains(file, `\`):
		wrong = "is separated by backslashes: write slashes"
	case path.IsAbs(file):
		wrong = "is not a path in the repository: leave the leading slash out"
	case slices.Contains(strings.Split(file, "/"), ".."):
		wrong = `is not a path in the repository: it may not hold ".."`
	case clean == "." || strings.HasSuffix(file, "/"):
		wrong = "is not the path of a file"
	case clean == ".git" || strings.HasPrefix(clean, ".git/"):
		wrong = "is not a file that commits hold"
	default:
		return clean, nil
	}
	return "", &Error{Setting: "config", Value: file, Message: wrong}
}
