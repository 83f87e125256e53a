package collect

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// ArchiveVersion is the version of the form in which WriteArchive writes. A change of what an Archive holds, or of what
// a fact means, takes a new one: ReadArchive knows no other.
const ArchiveVersion = 1

// archiveFormat is how a snapshot file names itself.
const archiveFormat = "kpi-gate snapshot"

// maxArchive is the most that is read of a snapshot file, decompressed: a few bytes can hold much more than memory.
const maxArchive = 512 << 20

// A snapshot file is three lines of JSON, compressed by gzip: an archiveHead, the Archive, and an archiveTail.
type (
	archiveHead struct {
		Format     string `json:"format"`
		Version    int    `json:"version"`
		Repository string `json:"repository"`
	}
	archiveTail struct {
		// SHA256 is that of the first two lines, in hexadecimal.
		SHA256 string `json:"sha256"`
	}
)

// WriteArchive writes an archive as a snapshot file.
func WriteArchive(w io.Writer, a *Archive) error {
	if a.Snapshot == nil {
		return errors.New("writing the snapshot file: there is no snapshot")
	}
	// What is read again at the next run had better be small than fast to write: it is uploaded and downloaded each time.
	compressed := gzip.NewWriter(w)
	sum := sha256.New()
	both := json.NewEncoder(io.MultiWriter(compressed, sum))
	head := archiveHead{Format: archiveFormat, Version: ArchiveVersion, Repository: a.Snapshot.Repository.FullName()}
	err := both.Encode(head)
	if err == nil {
		err = both.Encode(a)
	}
	if err == nil {
		err = json.NewEncoder(compressed).Encode(archiveTail{SHA256: hex.EncodeToString(sum.Sum(nil))})
	}
	if err := errors.Join(err, compressed.Close()); err != nil {
		return fmt.Errorf("writing the snapshot file: %w", err)
	}
	return nil
}

// ReadArchive reads a snapshot file. The error says why it cannot be used: it is none, is of another version, is damaged,
// or too large. What it returns was written by WriteArchive as it is, by whoever could write the file: its facts are as
// trustworthy as that.
func ReadArchive(r io.Reader) (*Archive, error) {
	compressed, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("not a snapshot file: %w", err)
	}
	lines := bufio.NewReaderSize(&limitedReader{from: compressed, left: maxArchive}, 1<<16)
	sum := sha256.New()
	first, err := lines.ReadBytes('\n')
	if err != nil {
		return nil, fmt.Errorf("not a snapshot file: %w", cutShort(err))
	}
	var head archiveHead
	if err := json.Unmarshal(first, &head); err != nil || head.Format != archiveFormat {
		return nil, errors.New("not a snapshot file of kpi-gate")
	}
	if head.Version != ArchiveVersion {
		return nil, fmt.Errorf("of version %d, and this program reads version %d", head.Version, ArchiveVersion)
	}
	second, err := lines.ReadBytes('\n')
	if err != nil {
		return nil, fmt.Errorf("damaged: %w", cutShort(err))
	}
	last, err := io.ReadAll(lines)
	if err != nil {
		return nil, fmt.Errorf("damaged: %w", cutShort(err))
	}
	sum.Write(first)
	sum.Write(second)
	var tail archiveTail
	if err := json.Unmarshal(last, &tail); err != nil || tail.SHA256 != hex.EncodeToString(sum.Sum(nil)) {
		return nil, errors.New("damaged: its checksum is wrong")
	}
	a := &Archive{}
	decoder := json.NewDecoder(bytes.NewReader(second))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(a); err != nil {
		return nil, fmt.Errorf("damaged: %w", err)
	}
	if a.Snapshot == nil || a.Snapshot.Repository.FullName() != head.Repository {
		return nil, errors.New("damaged: it does not hold what it says")
	}
	return a, nil
}

// cutShort says that a file ends too early, where that is what an error means.
func cutShort(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("it ends too early")
	}
	return err
}

// limitedReader fails where io.LimitedReader would end: a file that is too large is not one that is cut short.
type limitedReader struct {
	from io.Reader
	left int
}

func (l *limitedReader) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, fmt.Errorf("it is longer than %d bytes", maxArchive)
	}
	n, err := l.from.Read(p[:min(len(p), l.left)])
	l.left -= n
	return n, err
}
