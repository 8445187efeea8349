package main

import (
	"errors"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	custom "k8s.io/metrics/pkg/apis/custom_metrics/v1beta2"
	external "k8s.io/metrics/pkg/apis/external_metrics/v1beta1"
)

// A question is about one metric. Its form:
//   - external: of a namespace
//   - object: of one object of a kind, in a namespace or, without one, of the cluster; of kind
//     Namespace: the namespace's own metrics
//   - objects: of all objects of a kind that objectSelector fits
type question struct {
	Form           string `json:"form"`
	Version        string `json:"version"` // of the custom API; empty: as the API server prefers
	Namespace      string `json:"namespace"`
	Group          string `json:"group"`
	Kind           string `json:"kind"`
	Name           string `json:"name"`
	ObjectSelector string `json:"objectSelector"`
	Metric         string `json:"metric"`
	MetricSelector string `json:"metricSelector"`
}

// An item is a value with what it is of: an object, or labels.
type item struct {
	Kind       string            `json:"kind,omitempty"`
	APIVersion string            `json:"apiVersion,omitempty"`
	Namespace  string            `json:"namespace,omitempty"`
	Name       string            `json:"name,omitempty"`
	Metric     string            `json:"metric"`
	Labels     map[string]string `json:"labels,omitempty"`
	Selector   string            `json:"selector,omitempty"`
	Timestamp  metav1.Time       `json:"timestamp"`
	Window     *int64            `json:"window,omitempty"`
	Value      float64           `json:"value"`
}

// An answer has items or an error. Code and reason are those of the server's Status, if one came.
type answer struct {
	Items  []item `json:"items,omitempty"`
	Error  string `json:"error,omitempty"`
	Code   int32  `json:"code,omitempty"`
	Reason string `json:"reason,omitempty"`
}

func failed(err error) answer {
	var status apierrors.APIStatus
	if !errors.As(err, &status) {
		return answer{Error: err.Error()}
	}
	return answer{Error: err.Error(), Code: status.Status().Code,
		Reason: string(status.Status().Reason)}
}

func customItem(value *custom.MetricValue) item {
	selector := ""
	if value.Metric.Selector != nil {
		selector = metav1.FormatLabelSelector(value.Metric.Selector)
	}
	object := value.DescribedObject
	return item{Kind: object.Kind, APIVersion: object.APIVersion, Namespace: object.Namespace,
		Name: object.Name, Metric: value.Metric.Name, Selector: selector, Timestamp: value.Timestamp,
		Window: value.WindowSeconds, Value: value.Value.AsApproximateFloat64()}
}

func externalItem(value *external.ExternalMetricValue) item {
	return item{Metric: value.MetricName, Labels: value.MetricLabels, Timestamp: value.Timestamp,
		Window: value.WindowSeconds, Value: value.Value.AsApproximateFloat64()}
}
