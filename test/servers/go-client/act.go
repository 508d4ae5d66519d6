// Does one thing in a cluster as a Go program of anybody would: client-go's typed clients, with their retries.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strconv"
	"time"

	autoscalingv1 "k8s.io/api/autoscaling/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

// contentTypes are the two in which client-go sends and reads.
var contentTypes = map[string]string{
	"json":     "application/json",
	"protobuf": "application/vnd.kubernetes.protobuf",
}

// outcome is what a client sees: the object's name, or code, reason and message of a Status.
type outcome struct {
	Name     string `json:"name,omitempty"`
	Replicas int32  `json:"replicas,omitempty"`
	Count    int    `json:"count,omitempty"`
	Code     int32  `json:"code,omitempty"`
	Reason   string `json:"reason,omitempty"`
	Message  string `json:"message,omitempty"`
}

func act(format, namespace, verb, name, argument string) (outcome, error) {
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	if err != nil {
		return outcome{}, err
	}
	config.ContentType = contentTypes[format]
	config.AcceptContentTypes = contentTypes[format]
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return outcome{}, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 120*time.Second)
	defer cancel()
	deployments, configMaps := client.AppsV1().Deployments(namespace), client.CoreV1().ConfigMaps(namespace)
	switch verb {
	case "get":
		found, err := deployments.Get(ctx, name, metav1.GetOptions{})
		if err != nil {
			return outcome{}, err
		}
		return outcome{Name: found.Name, Replicas: *found.Spec.Replicas}, nil
	case "list":
		found, err := configMaps.List(ctx, metav1.ListOptions{})
		if err != nil {
			return outcome{}, err
		}
		return outcome{Count: len(found.Items)}, nil
	case "watch":
		watch, err := configMaps.Watch(ctx, metav1.ListOptions{})
		if err != nil {
			return outcome{}, err
		}
		defer watch.Stop()
		for event := range watch.ResultChan() {
			if seen, is := event.Object.(*corev1.ConfigMap); is && seen.Name == name {
				return outcome{Name: seen.Name}, nil
			}
		}
		return outcome{}, errors.New("the watch has ended")
	case "create":
		made, err := configMaps.Create(ctx, &corev1.ConfigMap{
			ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"made-by": "go"}},
			Data:       map[string]string{"greeting": argument},
		}, metav1.CreateOptions{FieldManager: "go-client"})
		return named(made, err)
	case "patch":
		body, err := json.Marshal(map[string]any{"data": map[string]string{"greeting": argument}})
		if err != nil {
			return outcome{}, err
		}
		made, err := configMaps.Patch(ctx, name, types.StrategicMergePatchType, body, metav1.PatchOptions{})
		return named(made, err)
	case "scale":
		replicas, err := strconv.ParseInt(argument, 10, 32)
		if err != nil {
			return outcome{}, err
		}
		scale, err := deployments.UpdateScale(ctx, name, &autoscalingv1.Scale{
			ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: namespace},
			Spec:       autoscalingv1.ScaleSpec{Replicas: int32(replicas)},
		}, metav1.UpdateOptions{})
		if err != nil {
			return outcome{}, err
		}
		return outcome{Name: scale.Name, Replicas: scale.Spec.Replicas}, nil
	case "note":
		body, err := json.Marshal(map[string]any{"metadata": map[string]any{"annotations": map[string]string{"note": argument}}})
		if err != nil {
			return outcome{}, err
		}
		made, err := deployments.Patch(ctx, name, types.MergePatchType, body, metav1.PatchOptions{})
		if err != nil {
			return outcome{}, err
		}
		return outcome{Name: made.Name}, nil
	case "secrets":
		found, err := client.CoreV1().Secrets(namespace).List(ctx, metav1.ListOptions{})
		if err != nil {
			return outcome{}, err
		}
		return outcome{Count: len(found.Items)}, nil
	case "delete":
		seconds := int64(0)
		return outcome{Name: name}, configMaps.Delete(ctx, name, metav1.DeleteOptions{GracePeriodSeconds: &seconds})
	default:
		return outcome{}, errors.New("no such verb")
	}
}

func named(made *corev1.ConfigMap, err error) (outcome, error) {
	if err != nil {
		return outcome{}, err
	}
	return outcome{Name: made.Name}, nil
}

// printAct writes a line of JSON: what the client has got.
func printAct(out io.Writer, format, namespace, verb, name, argument string) {
	line, err := act(format, namespace, verb, name, argument)
	if err != nil {
		line = outcome{Message: err.Error()}
		var status apierrors.APIStatus
		if errors.As(err, &status) {
			line.Code, line.Reason, line.Message = status.Status().Code, string(status.Status().Reason), status.Status().Message
		}
	}
	if err := json.NewEncoder(out).Encode(line); err != nil {
		panic(err)
	}
}
