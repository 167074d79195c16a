// Renders the Helm chart as `helm template` would, where Helm itself is not at hand: the same template engine (Go's) and the same
// functions (sprig, and Helm's own few that the chart uses).
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run ./scripts/helm-render CHART [VALUES.yaml ...]
//
// Debian: golang-go golang-github-masterminds-sprig-dev golang-gopkg-yaml.v3-dev
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"gopkg.in/yaml.v3"
)

type object = map[string]interface{}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("usage: helm-render CHART [VALUES.yaml ...]")
	}
	chartDirectory := args[0]
	chart, err := read(filepath.Join(chartDirectory, "Chart.yaml"))
	if err != nil {
		return err
	}
	values := object{}
	for _, file := range append([]string{filepath.Join(chartDirectory, "values.yaml")}, args[1:]...) {
		more, err := read(file)
		if err != nil {
			return err
		}
		merge(values, more)
	}
	context := object{
		"Values": values,
		// Helm offers the chart's fields with capitals.
		"Chart":   object{"Name": chart["name"], "Version": chart["version"], "AppVersion": chart["appVersion"]},
		"Release": object{"Name": "release", "Namespace": "default", "Service": "Helm"},
	}

	root := template.New("chart").Option("missingkey=zero")
	functions := sprig.TxtFuncMap()
	functions["toYaml"] = func(value interface{}) (string, error) {
		var out bytes.Buffer
		encoder := yaml.NewEncoder(&out)
		encoder.SetIndent(2)
		err := encoder.Encode(value)
		return strings.TrimSuffix(out.String(), "\n"), err
	}
	functions["include"] = func(name string, data interface{}) (string, error) {
		var out strings.Builder
		err := root.ExecuteTemplate(&out, name, data)
		return out.String(), err
	}
	root.Funcs(functions)

	files, err := filepath.Glob(filepath.Join(chartDirectory, "templates", "*"))
	if err != nil {
		return err
	}
	sort.Strings(files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if _, err := root.New(filepath.Base(file)).Parse(string(text)); err != nil {
			return err
		}
	}
	for _, file := range files {
		name := filepath.Base(file)
		if strings.HasPrefix(name, "_") {
			continue
		}
		var out strings.Builder
		if err := root.ExecuteTemplate(&out, name, context); err != nil {
			return err
		}
		if text := strings.TrimSpace(out.String()); text != "" {
			fmt.Printf("---\n# Source: %s\n%s\n", name, text)
		}
	}
	return nil
}

func read(file string) (object, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	result := object{}
	if err := yaml.Unmarshal(text, &result); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return result, nil
}

// merge lays one tree over another, as Helm does with several values files.
func merge(base, over object) {
	for key, value := range over {
		if inner, ok := value.(object); ok {
			if below, ok := base[key].(object); ok {
				merge(below, inner)
				continue
			}
		}
		base[key] = value
	}
}
