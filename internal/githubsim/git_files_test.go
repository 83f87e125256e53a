package githubsim

import (
	"fmt"
	"strings"
	"testing"
)

// filed is a world whose branches differ in their files, with each kind of entry that git knows.
func filed() *World {
	w := octo()
	w.Branches = []Branch{
		{Name: "main", OID: "a1a1a1"},
		{Name: "release/1.0", OID: "b2b2b2", Files: map[string]string{"conf/gate.yml": "old\n"}},
		{Name: "bare", OID: "c3c3c3", Files: map[string]string{}},
		{Name: "topic", OID: "d4d4d4"},
	}
	w.Commits = []Commit{
		{OID: "e5e5e5", AuthoredDate: day(1), CommittedDate: day(1)},
		{OID: "b2b2b2", AuthoredDate: day(1), CommittedDate: day(1)},
	}
	w.Tags = []Tag{{Name: "v1", OID: "b2b2b2", Date: dayPointer(2)}}
	w.Files = map[string]string{
		"conf/gate.yml": "new\n", "conf/deep/x": "x", "link": "conf/gate.yml", "dangling": "nowhere", "module": "f6f6f6",
		"run.sh": "exit\n", "binary": "\x00",
	}
	w.Modes = map[string]string{"link": "120000", "dangling": "120000", "module": "160000", "run.sh": "100755"}
	return w
}

func TestFilesOfBranches(t *testing.T) {
	t.Parallel()
	s := serverOf(t, filed(), Options{})
	for expression, text := range map[string]string{
		"HEAD:conf/gate.yml":                   `{"text":"new\n"}`,
		"main:conf/gate.yml":                   `{"text":"new\n"}`,
		"refs/heads/main:conf/gate.yml":        `{"text":"new\n"}`,
		"refs/heads/topic:conf/gate.yml":       `{"text":"new\n"}`,
		"refs/heads/release/1.0:conf/gate.yml": `{"text":"old\n"}`,
		"b2b2b2:conf/gate.yml":                 `{"text":"old\n"}`,
		"v1:conf/gate.yml":                     `{"text":"old\n"}`,
		"e5e5e5:conf/gate.yml":                 `{"text":"new\n"}`,
		"bare:conf/gate.yml":                   `null`,
		"main:link":                            `{"text":"conf/gate.yml"}`,
		"main:binary":                          `{"text":null}`,
		"main:module":                          `null`,
		"main:conf/none":                       `null`,
		"nowhere:conf/gate.yml":                `null`,
	} {
		t.Run(expression, func(t *testing.T) {
			t.Parallel()
			want(t, repo(t, s, `object(expression:"`+expression+`"){...on Blob{text}}`), `{"object":`+text+`}`)
		})
	}
}

// The modes are git's numbers: 0100644 is 33188, 040000 is 16384, 0120000 is 40960, 0160000 is 57344.
func TestTreeEntries(t *testing.T) {
	t.Parallel()
	s := serverOf(t, filed(), Options{})
	entry := func(ref, path string) string {
		return fmt.Sprintf(`ref(qualifiedName:"refs/heads/%s"){target{oid ...on Commit{
		 file(path:"%s"){name path type mode size object{__typename}}}}}`, ref, path)
	}
	for selection, expected := range map[string]string{
		entry("main", "conf/gate.yml"): `{"ref":{"target":{"oid":"a1a1a1","file":{"name":"gate.yml","path":"conf/gate.yml",
		 "type":"blob","mode":33188,"size":4,"object":{"__typename":"Blob"}}}}}`,
		entry("main", "run.sh"): `{"ref":{"target":{"oid":"a1a1a1","file":{"name":"run.sh","path":"run.sh",
		 "type":"blob","mode":33261,"size":5,"object":{"__typename":"Blob"}}}}}`,
		entry("main", "conf"): `{"ref":{"target":{"oid":"a1a1a1","file":{"name":"conf","path":"conf",
		 "type":"tree","mode":16384,"size":0,"object":{"__typename":"Tree"}}}}}`,
		entry("main", "link"): `{"ref":{"target":{"oid":"a1a1a1","file":{"name":"link","path":"link",
		 "type":"blob","mode":40960,"size":13,"object":{"__typename":"Blob"}}}}}`,
		entry("main", "module"): `{"ref":{"target":{"oid":"a1a1a1","file":{"name":"module","path":"module",
		 "type":"commit","mode":57344,"size":0,"object":null}}}}`,
		entry("bare", "conf/gate.yml"): `{"ref":{"target":{"oid":"c3c3c3","file":null}}}`,
		entry("nowhere", "conf"):       `{"ref":null}`,
		`object(expression:"main:conf"){...on Tree{entries{name type object{...on Tree{entries{path}}}}}}`: `{"object":{
		 "entries":[{"name":"deep","type":"tree","object":{"entries":[{"path":"conf/deep/x"}]}},
		 {"name":"gate.yml","type":"blob","object":{}}]}}`,
		`object(expression:"release/1.0"){...on Commit{tree{entries{name}}}}`: `{"object":{"tree":{"entries":[{
		 "name":"conf"}]}}}`,
		`isEmpty`: `{"isEmpty":false}`,
	} {
		t.Run(selection, func(t *testing.T) {
			t.Parallel()
			want(t, repo(t, s, selection), expected)
		})
	}
	want(t, repo(t, serverOf(t, octo(), Options{}), `isEmpty`), `{"isEmpty":true}`)
}

// GitHub cuts the text of a large file, and says so.
func TestLargeBlob(t *testing.T) {
	t.Parallel()
	w := filed()
	w.Files = map[string]string{"large": strings.Repeat("x", mostBlobText+1)}
	s := serverOf(t, w, Options{})
	o := repo(t, s, `object(expression:"main:large"){...on Blob{byteSize isTruncated text}}`)["object"].(map[string]any)
	text := o["text"].(string)
	if len(text) != mostBlobText || o["isTruncated"] != true || o["byteSize"] != mostBlobText+1.0 {
		t.Errorf("%d of %v bytes, truncated %v", len(text), o["byteSize"], o["isTruncated"])
	}
}

// REST follows a symbolic link to a file, and shows what else is no file for what it is.
func TestContentsOfBranches(t *testing.T) {
	t.Parallel()
	s := serverOf(t, filed(), Options{})
	for path, parts := range map[string][]string{
		"/contents/conf/gate.yml":                 {`"content":"bmV3Cg==\n"`},
		"/contents/conf/gate.yml?ref=release/1.0": {`"content":"b2xkCg==\n"`},
		"/contents/link":                          {`"type":"file"`, `"path":"link"`, `"content":"bmV3Cg==\n"`},
		"/contents/dangling":                      {`"type":"symlink"`, `"target":"nowhere"`},
		"/contents/module":                        {`"type":"submodule"`, `"sha":"f6f6f6"`},
		"/contents/conf":                          {`"type":"dir"`, `"name":"gate.yml"`},
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			served := fetch(t, s, "/repos/octo/parcels"+path)
			obey(t, "/repos/octo/parcels"+path, served)
			for _, part := range parts {
				if !strings.Contains(served.Body.String(), part) {
					t.Errorf("%s lacks %s", served.Body, part)
				}
			}
		})
	}
	if served := fetch(t, s, "/repos/octo/parcels/contents/conf/gate.yml?ref=bare"); served.Code != 404 {
		t.Errorf("a file on a branch without files: %d", served.Code)
	}
}
