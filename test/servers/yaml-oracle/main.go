// Reads texts with the very decoders of kubectl, so that thousands can be compared in a second: a line of JSON in
// ({"as", "text"}), a line of JSON out ({"documents"} as raw JSON, or {"error"}).
//
// What kubectl itself does around the decoders is repeated here in a few lines, and checked against kubectl by the test.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/yaml"
)

type question struct {
	As   string `json:"as"`
	Text string `json:"text"`
}

type answer struct {
	Documents []string `json:"documents"`
	Error     string   `json:"error,omitempty"`
}

// manifests is FileVisitor.Visit and StreamVisitor.Visit of k8s.io/cli-runtime/pkg/resource, up to the raw object.
func manifests(text string) ([]string, error) {
	reader := transform.NewReader(strings.NewReader(text), unicode.BOMOverride(unicode.UTF8.NewDecoder()))
	decoder := yaml.NewYAMLOrJSONDecoder(reader, 4096)
	documents := []string{}
	for {
		object := runtime.RawExtension{}
		if err := decoder.Decode(&object); err != nil {
			if errors.Is(err, io.EOF) {
				return documents, nil
			}
			return documents, err
		}
		raw := bytes.TrimSpace(object.Raw)
		if len(raw) > 0 && !bytes.Equal(raw, []byte("null")) {
			documents = append(documents, string(raw))
		}
	}
}

// patch is RunPatch of k8s.io/kubectl/pkg/cmd/patch; a text that is no JSON then is refused by whoever applies it.
func patch(text string) ([]string, error) {
	converted, err := yaml.ToJSON([]byte(text))
	if err != nil {
		return nil, err
	}
	return overrides(string(converted))
}

// overrides is what Merge, StrategicMerge and JSONPatch of k8s.io/kubectl/pkg/cmd/util take: JSON.
func overrides(text string) ([]string, error) {
	if !json.Valid([]byte(text)) {
		return nil, errors.New("not JSON")
	}
	return []string{text}, nil
}

func read(asked question) (documents []string, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("panic: %v", panicked)
		}
	}()
	switch asked.As {
	case "manifests":
		return manifests(asked.Text)
	case "patch":
		return patch(asked.Text)
	case "overrides":
		return overrides(asked.Text)
	}
	return nil, fmt.Errorf("unknown: %q", asked.As)
}

func main() {
	questions := json.NewDecoder(bufio.NewReaderSize(os.Stdin, 1<<20))
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	defer out.Flush()
	answers := json.NewEncoder(out)
	answers.SetEscapeHTML(false)
	for {
		var asked question
		if err := questions.Decode(&asked); err != nil {
			if errors.Is(err, io.EOF) {
				return
			}
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		documents, err := read(asked)
		reply := answer{Documents: documents}
		if err != nil {
			reply.Error = err.Error()
		}
		if err := answers.Encode(reply); err != nil {
			os.Exit(1)
		}
	}
}
