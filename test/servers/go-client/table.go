// Prints the messages of Kubernetes' protobuf as one line of text each, from the struct tags by which Kubernetes itself writes them.
// The grammar stands in src/adapters/request-body/protobuf/README.md. Whatever a struct has that the grammar lacks ends the program.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// special are the types whose JSON is not that of their fields.
var special = map[reflect.Type]string{
	reflect.TypeFor[resource.Quantity]():                            "Quantity",
	reflect.TypeFor[metav1.Time]():                                  "Time",
	reflect.TypeFor[metav1.MicroTime]():                             "MicroTime",
	reflect.TypeFor[intstr.IntOrString]():                           "IntOrString",
	reflect.TypeFor[runtime.RawExtension]():                         "Raw",
	reflect.TypeFor[metav1.FieldsV1]():                              "Raw",
	reflect.TypeFor[apiextensionsv1.JSON]():                         "Raw",
	reflect.TypeFor[apiextensionsv1.JSONSchemaPropsOrBool]():        "SchemaOrBool",
	reflect.TypeFor[apiextensionsv1.JSONSchemaPropsOrArray]():       "SchemaOrArray",
	reflect.TypeFor[apiextensionsv1.JSONSchemaPropsOrStringArray](): "SchemaOrStrings",
}

var (
	marshaler   = reflect.TypeFor[json.Marshaler]()
	unmarshaler = reflect.TypeFor[interface{ Unmarshal([]byte) error }]()
	typeMeta    = reflect.TypeFor[metav1.TypeMeta]()
)

type table struct {
	lines []string
	known map[string]bool
}

// nameOf is the last two folders of the package and the type: core/v1.Pod.
func nameOf(t reflect.Type) string {
	folders := strings.Split(t.PkgPath(), "/")
	return strings.Join(folders[len(folders)-2:], "/") + "." + t.Name()
}

func (all *table) message(t reflect.Type) string {
	name := nameOf(t)
	if all.known[name] {
		return name
	}
	all.known[name] = true
	at := len(all.lines)
	all.lines = append(all.lines, "")
	fields := []string{name}
	folder, _, _ := strings.Cut(name, ".")
	for i := range t.NumField() {
		field := t.Field(i)
		if field.Type == typeMeta {
			continue
		}
		fields = append(fields, all.field(name, field, folder))
	}
	all.lines[at] = strings.Join(fields, " ")
	return name
}

func (all *table) field(of string, field reflect.StructField, folder string) string {
	tag := strings.Split(field.Tag.Get("protobuf"), ",")
	if len(tag) < 3 {
		panic(fmt.Sprintf("%s.%s has no number", of, field.Name))
	}
	number, err := strconv.Atoi(tag[1])
	if err != nil {
		panic(err)
	}
	words := strings.Split(field.Tag.Get("json"), ",")
	marks := ""
	for _, word := range words[1:] {
		switch word {
		case "omitempty":
			marks += "?"
		case "omitzero":
			marks += "!"
		case "inline":
			marks += "&"
		default:
			panic(fmt.Sprintf("%s.%s says %s", of, field.Name, word))
		}
	}
	if words[0] == "" && !strings.Contains(marks, "&") || words[0] == "-" {
		panic(fmt.Sprintf("%s.%s has no name", of, field.Name))
	}
	goType := field.Type
	if goType.Kind() == reflect.Pointer {
		goType = goType.Elem()
		marks += "*"
	}
	if shape := all.shape(goType); shape == "Strings" {
		panic(fmt.Sprintf("%s.%s is a list in a message, outside of a map", of, field.Name))
	}
	// the folder is that of the message itself where none is said
	shape := strings.Replace(all.shape(goType), folder+".", ".", 1)
	return fmt.Sprintf("%d:%s:%s%s", number, words[0], shape, marks)
}

// shape is a word or a message, after [ for a list and { for a map of strings. The Go type decides: tags of numbers say "bytes" at times.
func (all *table) shape(t reflect.Type) string {
	if name, is := special[t]; is {
		return name
	}
	if t.Implements(marshaler) || reflect.PointerTo(t).Implements(marshaler) {
		panic(fmt.Sprintf("%s has a JSON of its own", t))
	}
	wrapped := reflect.PointerTo(t).Implements(unmarshaler)
	switch kind := t.Kind(); {
	case kind == reflect.Struct:
		return all.message(t)
	case kind == reflect.Slice && t.Elem().Kind() == reflect.Uint8 && !wrapped:
		return "bytes"
	case kind == reflect.Slice && wrapped:
		if t.Elem().Kind() != reflect.String {
			panic(fmt.Sprintf("%s is a message of its own", t))
		}
		return "Strings"
	case kind == reflect.Slice:
		return "[" + all.shape(t.Elem())
	case kind == reflect.Map && t.Key().Kind() == reflect.String:
		return "{" + all.shape(t.Elem())
	case kind == reflect.String:
		return "string"
	case kind == reflect.Bool:
		return "bool"
	case kind == reflect.Int32:
		return "int32"
	case kind == reflect.Int64:
		return "int64"
	case kind == reflect.Float64:
		return "double"
	default:
		panic(fmt.Sprintf("no shape for %s", t))
	}
}

// printTable writes "+apiVersion kind message" for each kind, then the messages.
func printTable(out io.Writer) {
	all := table{known: map[string]bool{}}
	for _, kind := range sentKinds() {
		name := all.message(reflect.TypeOf(newObject(kind)).Elem())
		fmt.Fprintf(out, "+%s %s %s\n", kind.GroupVersion(), kind.Kind, name)
	}
	for _, line := range all.lines {
		fmt.Fprintln(out, line)
	}
}
