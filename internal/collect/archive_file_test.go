package collect

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/model"
)

// archived is what reading small left.
func archived(t *testing.T) *Archive {
	t.Helper()
	c, _ := simulate(t, small(), githubsim.Options{})
	req := everything()
	req.Scope, req.Archive = map[string]string{"tags": "v*"}, &Archive{}
	if _, err := Collect(context.Background(), c, req, nil); err != nil {
		t.Fatal(err)
	}
	return req.Archive
}

func TestArchiveFile(t *testing.T) {
	t.Parallel()
	want := archived(t)
	var file bytes.Buffer
	if err := WriteArchive(&file, want); err != nil {
		t.Fatal(err)
	}
	got, err := ReadArchive(&file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("read again (-want +got):\n%s", diff)
	}
	if len(got.Snapshot.Issues) != 1 || len(got.Whole) == 0 || got.Scope["tags"] != "v*" {
		t.Errorf("read again: %+v", got)
	}
}

func TestWriteEmptyArchive(t *testing.T) {
	t.Parallel()
	if err := WriteArchive(io.Discard, &Archive{}); err == nil {
		t.Error("an archive without a snapshot was written")
	}
}

// zipped is lines as a file would hold them.
func zipped(t *testing.T, lines ...string) []byte {
	t.Helper()
	var file bytes.Buffer
	w := gzip.NewWriter(&file)
	if _, err := io.WriteString(w, strings.Join(lines, "\n")+"\n"); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// signed is the lines of a file and the last line that belongs to them.
func signed(lines ...string) []string {
	sum := checksum(strings.Join(lines, "\n") + "\n")
	return append(lines, fmt.Sprintf(`{"parts":%d,"sha256":%q}`, len(lines)-2, sum))
}

func checksum(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// TestArchiveFileLeftAside: whatever is wrong with a file is said, and nothing of it is used.
func TestArchiveFileLeftAside(t *testing.T) {
	t.Parallel()
	var whole bytes.Buffer
	if err := WriteArchive(&whole, archived(t)); err != nil {
		t.Fatal(err)
	}
	head := `{"format":"kpi-gate snapshot","version":1,"repository":"o/r"}`
	body := `{"Snapshot":{"Repository":{"Owner":"o","Name":"r"}}}`
	issues := `{"list":"Issues","facts":[{"Number":1}]}`
	if a, err := ReadArchive(bytes.NewReader(zipped(t, signed(head, body, issues)...))); err != nil ||
		len(a.Snapshot.Issues) != 1 {
		t.Fatalf("what the cases below spoil: %v, %v", a, err)
	}
	flipped := bytes.Clone(whole.Bytes())
	flipped[len(flipped)/2] ^= 1
	tests := []struct {
		name string
		file []byte
		want string
	}{
		{"nothing", nil, "not a snapshot file"},
		{"no gzip", []byte(head), "not a snapshot file"},
		{"another file", zipped(t, `{"version":1}`, "{}"), "not a snapshot file of kpi-gate"},
		{"a head alone", zipped(t, head), "ends too early"},
		{"the next version", zipped(t, strings.Replace(head, ":1", ":2", 1), "{}"), "of version 2"},
		{"cut short", whole.Bytes()[:whole.Len()-20], "damaged"},
		{"one bit", flipped, "damaged"},
		{"no checksum", zipped(t, head, body), "ends too early"},
		{"a wrong checksum", zipped(t, head, body, fmt.Sprintf(`{"parts":0,"sha256":%q}`, checksum("x"))), "checksum"},
		{"a part missing", zipped(t, append(signed(head, body, issues)[:2], signed(head, body, issues)[3])...), "checksum"},
		{"something after its end", zipped(t, append(signed(head, body), "{}")...), "follows its end"},
		{"something else", zipped(t, signed(head, "[]")...), "damaged"},
		{"an unknown field", zipped(t, signed(head, `{"More":1}`)...), "damaged"},
		{"nothing in it", zipped(t, signed(head, `{}`)...), "no snapshot"},
		{"facts of no kind", zipped(t, signed(head, body, `{"list":"Gaps","facts":[]}`)...), "which nothing has"},
		{"facts that are not retained", zipped(t, signed(head, body, `{"retained":true,"list":"Issues"}`)...), "nothing has"},
		{"facts that are none", zipped(t, signed(head, body, `{"list":"Issues","facts":[{"More":1}]}`)...), "damaged"},
		{"facts that are no list", zipped(t, signed(head, body, `{"list":"Issues","facts":{"Number":1}}`)...), "no list"},
		{
			"a part of many facts of few bytes",
			zipped(t, signed(head, body, `{"list":"Issues","facts":[`+strings.Repeat("{},", partSize)+`{}]}`)...),
			"more than 200 facts in one part",
		},
		{
			"many parts",
			zipped(t, signed(append([]string{head, body}, slices.Repeat([]string{issues}, maxFacts/partSize+1)...)...)...),
			"more than 2000000 facts",
		},
		{
			"another repository than it says",
			zipped(t, signed(head, `{"Snapshot":{"Repository":{"Owner":"x","Name":"y"}}}`)...), "does not hold",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a, err := ReadArchive(bytes.NewReader(tt.file))
			if err == nil || !strings.Contains(err.Error(), tt.want) || a != nil {
				t.Errorf("%v, %v; want nothing and an error with %q", a, err, tt.want)
			}
		})
	}
}

// TestArchiveFileTooLarge: a file that swells is not read to its end.
func TestArchiveFileTooLarge(t *testing.T) {
	t.Parallel()
	r := &limitedReader{from: strings.NewReader("0123456789"), left: 4}
	read, err := io.ReadAll(r)
	if string(read) != "0123" || err == nil || !strings.Contains(err.Error(), "longer than") {
		t.Errorf("read %q, %v", read, err)
	}
}

func FuzzReadArchive(f *testing.F) {
	f.Add([]byte("{}"))
	f.Add([]byte(`{"format":"kpi-gate snapshot","version":1,"repository":"o/r"}` + "\n{}\n{}\n"))
	f.Fuzz(func(t *testing.T, lines []byte) {
		var file bytes.Buffer
		w := gzip.NewWriter(&file)
		if _, err := w.Write(lines); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		for _, content := range [][]byte{lines, file.Bytes()} {
			if a, err := ReadArchive(bytes.NewReader(content)); err == nil && a.Snapshot == nil {
				t.Error("an archive without a snapshot")
			}
		}
	})
}

// archiveShape is the checksum of the names and types of all that an Archive holds. Where it changes, ArchiveVersion has
// to change with it: an older file would be read with what is new in it missing, as if GitHub had said so.
const archiveShape = "1 edcad4e271a99054"

func TestArchiveVersion(t *testing.T) {
	t.Parallel()
	var shape strings.Builder
	describe(&shape, reflect.TypeFor[Archive](), map[reflect.Type]bool{})
	if got := fmt.Sprintf("%d %s", ArchiveVersion, checksum(shape.String())[:16]); got != archiveShape {
		t.Errorf("the shape of an archive is %q, and was %q: raise ArchiveVersion if a version was published since",
			got, archiveShape)
	}
	if !strings.Contains(shape.String(), reflect.TypeFor[model.Issue]().String()) {
		t.Error("the shape does not reach the facts")
	}
}

// describe writes the fields of a type and of the types in it.
func describe(w *strings.Builder, t reflect.Type, seen map[reflect.Type]bool) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		describe(w, t.Elem(), seen)
	case reflect.Map:
		describe(w, t.Key(), seen)
		describe(w, t.Elem(), seen)
	case reflect.Struct:
		if seen[t] || t.String() == "time.Time" {
			return
		}
		seen[t] = true
		for i := range t.NumField() {
			if t.Field(i).Tag.Get("json") == "-" {
				continue // It is not in the file.
			}
			fmt.Fprintf(w, "%s.%s %s\n", t, t.Field(i).Name, t.Field(i).Type)
			describe(w, t.Field(i).Type, seen)
		}
	}
}
