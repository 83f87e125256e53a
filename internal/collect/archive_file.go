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
	"iter"
	"reflect"

	"kpi-gate/internal/model"
)

// ArchiveVersion is the version of the form in which WriteArchive writes. A change of what an Archive holds, or of what
// a fact means, takes a new one: ReadArchive knows no other.
const ArchiveVersion = 1

// archiveFormat is how a snapshot file names itself.
const archiveFormat = "kpi-gate snapshot"

// maxArchive is the most that is read of a snapshot file, decompressed: a few bytes can hold much more than memory.
const maxArchive = 512 << 20

// A snapshot file is lines of JSON, compressed by gzip: an archiveHead, the Archive without its facts, the facts in
// archiveParts, so that neither writing nor reading holds them all as text, and an archiveTail.
type (
	archiveHead struct {
		Format     string `json:"format"`
		Version    int    `json:"version"`
		Repository string `json:"repository"`
	}
	archivePart struct {
		// Retained says that the facts are what the Archive retains, else they are the Snapshot's. List names their field.
		Retained bool            `json:"retained,omitempty"`
		List     string          `json:"list"`
		Facts    json.RawMessage `json:"facts"`
	}
	archiveTail struct {
		// Parts is how many there are, SHA256 the checksum of all lines before this one, in hexadecimal.
		Parts  int    `json:"parts"`
		SHA256 string `json:"sha256"`
	}
)

// partSize is how many facts a part holds at most, maxFacts how many a snapshot file does: a fact of few bytes in the file
// takes hundreds in memory.
const (
	partSize = 200
	maxFacts = 2_000_000
)

// WriteArchive writes an archive as a snapshot file.
func WriteArchive(w io.Writer, a *Archive) error {
	if a.Snapshot == nil {
		return errors.New("writing the snapshot file: there is no snapshot")
	}
	compressed := gzip.NewWriter(w)
	sum := sha256.New()
	both := json.NewEncoder(io.MultiWriter(compressed, sum))
	err := both.Encode(archiveHead{
		Format: archiveFormat, Version: ArchiveVersion, Repository: a.Snapshot.Repository.FullName(),
	})
	if err == nil {
		bare := *a
		bare.Snapshot, bare.Retained = withoutFacts(a.Snapshot), withoutFacts(a.Retained)
		err = both.Encode(bare)
	}
	parts := 0
	for _, of := range []*model.Snapshot{a.Snapshot, a.Retained} {
		for list, facts := range factsOf(of) {
			if err != nil {
				break
			}
			var text []byte
			if text, err = json.Marshal(facts.Interface()); err == nil {
				err = both.Encode(archivePart{Retained: of == a.Retained, List: list, Facts: text})
			}
			parts++
		}
	}
	if err == nil {
		err = json.NewEncoder(compressed).Encode(archiveTail{Parts: parts, SHA256: hex.EncodeToString(sum.Sum(nil))})
	}
	if err := errors.Join(err, compressed.Close()); err != nil {
		return fmt.Errorf("writing the snapshot file: %w", err)
	}
	return nil
}

// isFacts reports whether a field of a snapshot is a list of facts, and not of what was read.
func isFacts(field reflect.StructField) bool {
	return field.Type.Kind() == reflect.Slice && field.Name != "Read" && field.Name != "Gaps"
}

// withoutFacts is a snapshot with all its lists of facts empty; nil for nil.
func withoutFacts(s *model.Snapshot) *model.Snapshot {
	if s == nil {
		return nil
	}
	bare := *s
	fields := reflect.ValueOf(&bare).Elem()
	for i := range fields.NumField() {
		if isFacts(fields.Type().Field(i)) {
			fields.Field(i).SetZero()
		}
	}
	return &bare
}

// factsOf yields the facts of a snapshot, a part of a list at a time, with the name of the list.
func factsOf(s *model.Snapshot) iter.Seq2[string, reflect.Value] {
	return func(yield func(string, reflect.Value) bool) {
		if s == nil {
			return
		}
		fields := reflect.ValueOf(s).Elem()
		for i := range fields.NumField() {
			field := fields.Type().Field(i)
			if !isFacts(field) {
				continue
			}
			list := fields.Field(i)
			for from := 0; from < list.Len(); from += partSize {
				if !yield(field.Name, list.Slice(from, min(from+partSize, list.Len()))) {
					return
				}
			}
		}
	}
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
	a := &Archive{}
	if err := a.read(lines, first); err != nil {
		return nil, fmt.Errorf("damaged: %w", err)
	}
	if a.Snapshot.Repository.FullName() != head.Repository {
		return nil, errors.New("damaged: it does not hold what it says")
	}
	return a, nil
}

// read fills a from the lines after the first one.
func (a *Archive) read(lines *bufio.Reader, first []byte) error {
	sum := sha256.New()
	sum.Write(first)
	parts := -1
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return cutShort(err)
		}
		if parts >= 0 && bytes.HasPrefix(line, []byte(`{"parts":`)) {
			return checkTail(line, lines, parts, hex.EncodeToString(sum.Sum(nil)))
		}
		sum.Write(line)
		if parts++; parts > maxFacts/partSize {
			return fmt.Errorf("it has more than %d facts", maxFacts)
		}
		if parts == 0 {
			if err = strict(line, a); err == nil && a.Snapshot == nil {
				err = errors.New("it holds no snapshot")
			}
		} else {
			err = a.add(line)
		}
		if err != nil {
			return err
		}
	}
}

// checkTail holds the last line against what was read.
func checkTail(line []byte, lines *bufio.Reader, parts int, sum string) error {
	var tail archiveTail
	if err := strict(line, &tail); err != nil {
		return err
	}
	// The end of the compressed text has a checksum of its own, which is looked at only when it is reached.
	if _, err := lines.ReadByte(); !errors.Is(err, io.EOF) {
		return errors.Join(errors.New("something follows its end"), err)
	}
	if tail.Parts != parts || tail.SHA256 != sum {
		return errors.New("its checksum is wrong")
	}
	return nil
}

// add adds the facts of a part.
func (a *Archive) add(line []byte) error {
	var part archivePart
	if err := strict(line, &part); err != nil {
		return err
	}
	to := a.Snapshot
	if part.Retained {
		to = a.Retained
	}
	field, ok := reflect.TypeFor[model.Snapshot]().FieldByName(part.List)
	if !ok || to == nil || !isFacts(field) {
		return fmt.Errorf("it holds facts %q, which nothing has", part.List)
	}
	list := reflect.ValueOf(to).Elem().FieldByIndex(field.Index)
	facts, err := decodeFacts(part.Facts, field.Type)
	if err != nil {
		return err
	}
	list.Set(reflect.AppendSlice(list, facts))
	return nil
}

// decodeFacts decodes a list of facts, one after the other, and no more than a part holds.
func decodeFacts(text []byte, list reflect.Type) (reflect.Value, error) {
	facts := reflect.MakeSlice(list, 0, 0)
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if begin, err := decoder.Token(); err != nil || begin != json.Delim('[') {
		return facts, errors.Join(errors.New("its facts are no list"), err)
	}
	for decoder.More() {
		if facts.Len() == partSize {
			return facts, fmt.Errorf("it has more than %d facts in one part", partSize)
		}
		fact := reflect.New(list.Elem())
		if err := decoder.Decode(fact.Interface()); err != nil {
			return facts, err
		}
		facts = reflect.Append(facts, fact.Elem())
	}
	_, err := decoder.Token()
	return facts, err
}

// strict decodes JSON that may hold nothing but what it is decoded into.
func strict(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
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
