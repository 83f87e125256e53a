package githubsim

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Load reads a world file: JSON, or the same compressed by gzip. An error about the content names the place by line,
// column and path, such as "line 3, column 14: pulls[2].mergedAt: …". Top-level fields that World does not have are
// skipped (files say where they come from); deeper down an unknown field is taken for a misspelt one and refused.
func Load(r io.Reader) (*World, error) {
	data, err := read(r)
	if err != nil {
		return nil, fmt.Errorf("reading a world file: %w", err)
	}
	w, err := decode(data)
	if err != nil {
		return nil, fmt.Errorf("reading a world file: %w", err)
	}
	if err := w.validate(); err != nil {
		var at *worldError
		if errors.As(err, &at) {
			return nil, fmt.Errorf("reading a world file: %s%w", position(data, locate(data, at.path)), err)
		}
		return nil, fmt.Errorf("reading a world file: %w", err)
	}
	return w, nil
}

// read takes everything, uncompressed.
func read(r io.Reader) ([]byte, error) {
	b := bufio.NewReader(r)
	magic, err := b.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if !bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		return io.ReadAll(b)
	}
	z, err := gzip.NewReader(b)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(z)
	return data, errors.Join(err, z.Close())
}

// decode fills a world, field by field, so that only below the top level unknown fields are refused.
func decode(data []byte) (*World, error) {
	var top map[string]json.RawMessage
	if err := json.Unmarshal(data, &top); err != nil {
		return nil, explain(data, err)
	}
	w := &World{}
	v := reflect.ValueOf(w).Elem()
	for i := range v.NumField() {
		name := jsonName(v.Type().Field(i))
		raw, ok := top[name]
		if !ok {
			continue
		}
		d := json.NewDecoder(bytes.NewReader(raw))
		d.DisallowUnknownFields()
		if err := d.Decode(v.Field(i).Addr().Interface()); err != nil {
			if at := findUnknown(raw, v.Type().Field(i).Type, []any{name}); at != nil {
				return nil, fmt.Errorf("%s%s: unknown field", position(data, locate(data, at)), pathString(at))
			}
			return nil, explain(data, err)
		}
	}
	return w, nil
}

// explain says where in data an error of encoding/json lies.
func explain(data []byte, err error) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("%s%w", position(data, syntax.Offset-1), err)
	}
	// The other errors do not all say where they are: find the first value that does not fit its field.
	if at, found := findMisfit(data, reflect.TypeFor[World](), nil); found != nil {
		return fmt.Errorf("%s%s: %w", position(data, locate(data, at)), pathString(at), plain(found))
	}
	return err
}

// plain words an error of encoding/json for people who do not write Go.
func plain(err error) error {
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		return err
	}
	names := map[reflect.Kind]string{
		reflect.String: "a text", reflect.Bool: "true or false", reflect.Slice: "a list",
		reflect.Struct: "an object", reflect.Map: "an object", reflect.Int: "a whole number", reflect.Int64: "a whole number",
	}
	want := names[wrong.Type.Kind()]
	if want == "" {
		return err
	}
	return fmt.Errorf("found %s where %s belongs", wrong.Value, want)
}

// findMisfit is the path of the first value in data that does not fit t, and what is wrong with it; a nil error means
// that all fit.
func findMisfit(data []byte, t reflect.Type, at []any) ([]any, error) {
	err := json.Unmarshal(data, reflect.New(t).Interface())
	if err == nil {
		return nil, nil
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) && t != reflect.TypeFor[PullCommits]() {
		return at, err
	}
	if t == reflect.TypeFor[PullCommits]() {
		t = reflect.TypeFor[[]PullCommit]()
	}
	switch t.Kind() {
	case reflect.Slice:
		var items []json.RawMessage
		if json.Unmarshal(data, &items) != nil {
			return at, err
		}
		for i, item := range items {
			if p, bad := findMisfit(item, t.Elem(), append(slices.Clone(at), i)); bad != nil {
				return p, bad
			}
		}
	case reflect.Struct:
		var items map[string]json.RawMessage
		if json.Unmarshal(data, &items) != nil {
			return at, err
		}
		for i := range t.NumField() {
			name := jsonName(t.Field(i))
			item, ok := items[name]
			if !ok {
				continue
			}
			if p, bad := findMisfit(item, t.Field(i).Type, append(slices.Clone(at), name)); bad != nil {
				return p, bad
			}
		}
	}
	return at, err
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// findUnknown is the path of the first field in data that t does not have, nil if there is none.
func findUnknown(data []byte, t reflect.Type, at []any) []any {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == reflect.TypeFor[PullCommits]() {
		t = reflect.TypeFor[[]PullCommit]()
	}
	switch {
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct:
		var items []json.RawMessage
		if json.Unmarshal(data, &items) != nil {
			return nil
		}
		for i, item := range items {
			if p := findUnknown(item, t.Elem(), append(slices.Clone(at), i)); p != nil {
				return p
			}
		}
	case t.Kind() == reflect.Struct && !reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()):
		var items map[string]json.RawMessage
		if json.Unmarshal(data, &items) != nil {
			return nil
		}
		known := map[string]reflect.Type{}
		for i := range t.NumField() {
			known[jsonName(t.Field(i))] = t.Field(i).Type
		}
		names := make([]string, 0, len(items))
		for name := range items {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			p := append(slices.Clone(at), name)
			if known[name] == nil {
				return p
			}
			if p := findUnknown(items[name], known[name], p); p != nil {
				return p
			}
		}
	}
	return nil
}

// locate is the offset of the value that a path names in data, or of the innermost one around it that exists.
func locate(data []byte, path []any) int64 {
	d := json.NewDecoder(bytes.NewReader(data))
	offset := start(data, d.InputOffset())
	for _, step := range path {
		open, err := d.Token()
		if err != nil {
			return offset
		}
		object := open == json.Delim('{')
		if !object && open != json.Delim('[') {
			return offset
		}
		found := false
		for i := 0; d.More() && !found; i++ {
			key := any(i)
			if object {
				if key, err = d.Token(); err != nil {
					return offset
				}
			}
			if found = key == step; !found {
				var skipped json.RawMessage
				if d.Decode(&skipped) != nil {
					return offset
				}
			}
		}
		if !found {
			return offset
		}
		offset = start(data, d.InputOffset())
	}
	return offset
}

// start skips what may stand before a value.
func start(data []byte, offset int64) int64 {
	for offset < int64(len(data)) && strings.ContainsRune(" \t\r\n:,", rune(data[offset])) {
		offset++
	}
	return offset
}

// position words an offset as "line L, column C: "; columns count bytes.
func position(data []byte, offset int64) string {
	before := data[:min(max(offset, 0), int64(len(data)))]
	line := 1 + bytes.Count(before, []byte("\n"))
	column := len(before) - bytes.LastIndexByte(before, '\n')
	return fmt.Sprintf("line %d, column %d: ", line, column)
}

// pathString words a path as pulls[2].mergedAt.
func pathString(path []any) string {
	var b strings.Builder
	for _, step := range path {
		switch step := step.(type) {
		case int:
			b.WriteString("[" + strconv.Itoa(step) + "]")
		case string:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(step)
		}
	}
	if b.Len() == 0 {
		return "the file"
	}
	return b.String()
}
