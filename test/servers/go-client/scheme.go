// The kinds that an API server takes as protobuf: those of client-go, of custom resource definitions and of aggregation.
package main

import (
	"sort"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/scheme"
	apiregistrationv1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
)

// everyKind is what may be sent; deleteOptions stands for every group version, since each has it.
var everyKind = runtime.NewScheme()

var deleteOptions = schema.GroupVersionKind{Version: "v1", Kind: "DeleteOptions"}

// removed are group versions that no API server since Kubernetes 1.29 serves, and kinds that nobody sends to one.
var removed = map[string]bool{
	"apps/v1beta1": true, "apps/v1beta2": true, "extensions/v1beta1": true, "batch/v1beta1": true,
	"flowcontrol.apiserver.k8s.io/v1beta1": true, "flowcontrol.apiserver.k8s.io/v1beta2": true, "imagepolicy.k8s.io/v1alpha1": true, "internal.apiserver.k8s.io/v1alpha1": true,
}

func init() {
	for _, add := range []func(*runtime.Scheme) error{
		scheme.AddToScheme, apiextensionsv1.AddToScheme, apiregistrationv1.AddToScheme,
	} {
		if err := add(everyKind); err != nil {
			panic(err)
		}
	}
}

// wire is the serializer with which client-go and the API server write and read protobuf.
func wire() runtime.Serializer { return protobuf.NewSerializer(everyKind, everyKind) }

// sentKinds are the kinds of the table, in order: no lists, no options of a query, nothing of the meta groups.
func sentKinds() []schema.GroupVersionKind {
	kinds := []schema.GroupVersionKind{deleteOptions}
	for kind, goType := range everyKind.AllKnownTypes() {
		_, isList := goType.FieldByName("ListMeta")
		isMeta := goType.PkgPath() == "k8s.io/apimachinery/pkg/apis/meta/v1" || goType.PkgPath() == "k8s.io/apimachinery/pkg/watch"
		if isList || isMeta || kind.Version == runtime.APIVersionInternal || removed[kind.GroupVersion().String()] {
			continue
		}
		kinds = append(kinds, kind)
	}
	sort.Slice(kinds, func(i, j int) bool {
		a, b := kinds[i], kinds[j]
		return a.GroupVersion().String()+" "+a.Kind < b.GroupVersion().String()+" "+b.Kind
	})
	return kinds
}

// newObject is an empty object of a kind.
func newObject(kind schema.GroupVersionKind) runtime.Object {
	if kind == deleteOptions {
		return &metav1.DeleteOptions{}
	}
	object, err := everyKind.New(kind)
	if err != nil {
		panic(err)
	}
	return object
}
