package cli

import (
	"bytes"
	"io"
	"strings"
	"sync"
	"unicode"
)

// logWriter passes whole lines on to the log of a workflow step, or to a terminal, so that none of them is a workflow
// command or moves a cursor. The runner takes a line that begins with "::" (after blanks) and "##[" anywhere in a line
// for a command, on both outputs (https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs); text
// from a repository must not be one.
type logWriter struct {
	mu   sync.Mutex
	to   io.Writer
	line []byte
}

func (l *logWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, b := range p {
		l.line = append(l.line, b)
		if b == '\n' || b == '\r' {
			if err := l.flush(); err != nil {
				return 0, err
			}
		}
	}
	return len(p), nil
}

// Close passes on a last line without an end.
func (l *logWriter) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.flush()
}

func (l *logWriter) flush() error {
	line := harmless(l.line)
	l.line = l.line[:0]
	_, err := l.to.Write(line)
	return err
}

// harmless takes from a line what would make it a workflow command, control characters but for tabs and its end, and
// what is not seen, such as marks of writing direction, which can show text in another order than it has. The joiners
// that scripts and emoji need stay.
func harmless(line []byte) []byte {
	line = bytes.Map(func(r rune) rune {
		switch {
		case r == '\t', r == '\n', r == '\r', r == '\u200C', r == '\u200D':
			return r
		case unicode.In(r, unicode.Zl, unicode.Zp):
			return ' ' // Some readers end a line there.
		case unicode.In(r, unicode.Cc, unicode.Cf):
			return -1
		default:
			return r
		}
	}, line)
	line = bytes.ReplaceAll(line, []byte("##["), []byte("# #["))
	if text := strings.TrimSpace(string(line)); strings.HasPrefix(text, "::") {
		line = bytes.Replace(line, []byte("::"), []byte(": :"), 1)
	}
	return line
}
