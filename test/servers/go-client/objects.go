// Objects at random, in both of their forms, and what client-go reads from bytes: the truth for whoever reads protobuf.
package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand"
	"reflect"
	"time"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	kubejson "k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// answer is a line of output: an object as protobuf and as JSON, or why the bytes are none.
type answer struct {
	Bytes string          `json:"bytes,omitempty"`
	JSON  json.RawMessage `json:"json,omitempty"`
	Error string          `json:"error,omitempty"`
}

// read is what the API server reads from a body, protobuf or JSON, as the JSON that client-go would have sent for it.
func read(body []byte) (text []byte, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("panic: %v", panicked)
		}
	}()
	decoder := wire()
	if bytes.HasPrefix(body, []byte("{")) {
		decoder = kubejson.NewSerializerWithOptions(kubejson.DefaultMetaFactory, everyKind, everyKind, kubejson.SerializerOptions{Strict: true})
	}
	object, _, err := decoder.Decode(body, nil, nil)
	if err != nil {
		return nil, err
	}
	return json.Marshal(object)
}

func say(out io.Writer, line answer) {
	if err := json.NewEncoder(out).Encode(line); err != nil {
		panic(err)
	}
}

// printObjects writes some objects of every kind.
func printObjects(out io.Writer, seed int64, each int, deepest int) {
	chance := filler{rand.New(rand.NewSource(seed)), deepest}
	for _, kind := range sentKinds() {
		for range each {
			object := newObject(kind)
			chance.fill(reflect.ValueOf(object).Elem(), 0)
			object.GetObjectKind().SetGroupVersionKind(kind)
			body, err := runtime.Encode(encoder{}, object)
			if err != nil {
				panic(fmt.Sprintf("%s: %v", kind, err))
			}
			text, err := read(body)
			if err != nil {
				panic(fmt.Sprintf("%s: %v", kind, err))
			}
			say(out, answer{Bytes: base64.StdEncoding.EncodeToString(body), JSON: text})
		}
	}
}

// encoder writes as the serializer does, without its decoder.
type encoder struct{}

func (encoder) Encode(object runtime.Object, out io.Writer) error { return wire().Encode(object, out) }
func (encoder) Identifier() runtime.Identifier                    { return "wire" }

// printRead answers bodies, one a line in base64, in their order.
func printRead(in io.Reader, out io.Writer) {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<26)
	for lines.Scan() {
		body, err := base64.StdEncoding.DecodeString(lines.Text())
		if err != nil {
			panic(err)
		}
		text, err := read(body)
		if err != nil {
			say(out, answer{Error: err.Error()})
			continue
		}
		say(out, answer{JSON: text})
	}
}

// filler makes objects; deepest bounds how large they become.
type filler struct {
	*rand.Rand
	deepest int
}

func pick[T any](f filler, all ...T) T { return all[f.Intn(len(all))] }

// fill sets fields at random, and many of them to what is at an edge: empty, zero, the largest.
func (f filler) fill(v reflect.Value, depth int) {
	if f.fillSpecial(v) || v.Type() == typeMeta {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if depth < f.deepest && f.Intn(2) == 0 {
			v.Set(reflect.New(v.Type().Elem()))
			f.fill(v.Elem(), depth+1)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f.fill(v.Field(i), depth+1)
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes(pick(f, nil, []byte{}, []byte("a"), []byte{0, 255, 128, '\n'}))
			return
		}
		if depth < f.deepest {
			v.Set(reflect.MakeSlice(v.Type(), f.Intn(3), 3))
			for i := range v.Len() {
				f.fill(v.Index(i), depth+2)
			}
		}
	case reflect.Map:
		if depth < f.deepest {
			v.Set(reflect.MakeMap(v.Type()))
			for range f.Intn(3) {
				key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
				f.fill(key, depth+1)
				f.fill(value, depth+1)
				v.SetMapIndex(key, value)
			}
		}
	case reflect.String:
		v.SetString(pick(f, "", "", "a", "web-1", "日本\u2028é😀", "<&>\"\\\n\t\x00", "__proto__", "constructor"))
	case reflect.Bool:
		v.SetBool(f.Intn(2) == 0)
	case reflect.Int32:
		v.SetInt(pick[int64](f, 0, 0, 1, -1, 8080, math.MaxInt32, math.MinInt32))
	case reflect.Int64:
		v.SetInt(pick[int64](f, 0, 0, 1, -1, 300, 1<<53-1, -(1<<53 - 1)))
	case reflect.Float64:
		v.SetFloat(pick(f, 0, 1, -1.5, 1e21, 1e-7, math.MaxFloat64))
	default:
		panic(v.Type())
	}
}

func (f filler) fillSpecial(v reflect.Value) bool {
	raw := pick(f, nil, []byte(`{"a":[1,"b",null,true,{"c":1.5}]}`), []byte(`"text"`), []byte(`{}`), []byte(`7`))
	switch at := v.Addr().Interface().(type) {
	case *resource.Quantity:
		*at = resource.MustParse(pick(f, "0", "1", "500m", "1Gi", "1536Mi", "-3", "12e6", "0.1", "1n", "9223372036854775807", "5E"))
	case *metav1.Time:
		*at = pick(f, metav1.Time{}, metav1.Unix(0, 0), metav1.Unix(1790000000, 999), metav1.Unix(-62135596800+86400, 0), metav1.Unix(253402300799, 0))
	case *metav1.MicroTime:
		*at = pick(f, metav1.MicroTime{}, metav1.MicroTime{Time: time.Unix(0, 0)}, metav1.MicroTime{Time: time.Unix(1790000000, 123456789)}, metav1.MicroTime{Time: time.Unix(-5, 1000)})
	case *intstr.IntOrString:
		*at = pick(f, intstr.IntOrString{}, intstr.FromInt32(-7), intstr.FromString("25%"), intstr.FromString(""))
	case *runtime.RawExtension:
		at.Raw = raw
	case *metav1.FieldsV1:
		at.SetRawBytes(pick(f, []byte(`{}`), []byte(`{"f:spec":{"f:replicas":{}}}`)))
	case *apiextensionsv1.JSON:
		at.Raw = raw
	default:
		return false
	}
	return true
}
