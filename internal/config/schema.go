package config

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// SchemaURL is where editors find the schema of the configuration file.
const SchemaURL = "https://raw.githubusercontent.com/OWNER/kpi-gate/v1/docs/kpi-gate.schema.json"

// schema is the part of JSON Schema that describes the configuration file
// (https://json-schema.org/draft/2020-12/json-schema-validation).
type schema struct {
	Dialect              string            `json:"$schema,omitempty"`
	ID                   string            `json:"$id,omitempty"`
	Title                string            `json:"title,omitempty"`
	Description          string            `json:"description,omitempty"`
	Type                 string            `json:"type,omitempty"`
	Enum                 []string          `json:"enum,omitempty"`
	Format               string            `json:"format,omitempty"`
	Pattern              string            `json:"pattern,omitempty"`
	MinLength            int               `json:"minLength,omitempty"`
	MaxLength            int               `json:"maxLength,omitempty"`
	Minimum              *float64          `json:"minimum,omitempty"`
	ExclusiveMinimum     *float64          `json:"exclusiveMinimum,omitempty"`
	Maximum              *float64          `json:"maximum,omitempty"`
	Items                *schema           `json:"items,omitempty"`
	MinItems             int               `json:"minItems,omitempty"`
	PropertyNames        *schema           `json:"propertyNames,omitempty"`
	Properties           map[string]schema `json:"properties,omitempty"`
	Required             []string          `json:"required,omitempty"`
	MinProperties        int               `json:"minProperties,omitempty"`
	AdditionalProperties any               `json:"additionalProperties,omitempty"` // a *bool or a *schema
	AnyOf                []schema          `json:"anyOf,omitempty"`
	OneOf                []schema          `json:"oneOf,omitempty"`
	Examples             []string          `json:"examples,omitempty"`
}

// Schema is the JSON Schema (draft 2020-12) of the configuration file. What it refuses Resolve refuses too; Resolve
// also knows what a schema cannot say, such as which KPIs there are.
func Schema() ([]byte, error) {
	s := newResolution().file().schema
	s.Dialect, s.ID = "https://json-schema.org/draft/2020-12/schema", SchemaURL
	s.Title = "kpi-gate's configuration file"
	s.Description = "What is measured, which benchmarks must hold, and what follows. Every key is optional."
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(s); err != nil {
		return nil, fmt.Errorf("writing the schema of the configuration file: %w", err)
	}
	return text.Bytes(), nil
}
