package main

import (
	"fmt"

	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
	"k8s.io/metrics/pkg/client/custom_metrics"
	"k8s.io/metrics/pkg/client/external_metrics"
)

const customGroup = "custom.metrics.k8s.io"

// clients are made once, as the HorizontalPodAutoscaler's controller makes them.
type clients struct {
	external external_metrics.ExternalMetricsClient
	custom   map[string]custom_metrics.CustomMetricsClient // by version; "": as preferred
}

func newClients(config *rest.Config) (*clients, error) {
	discovered, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return nil, err
	}
	mapper := restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(discovered))
	made := &clients{custom: map[string]custom_metrics.CustomMetricsClient{
		"": custom_metrics.NewForConfig(config, mapper,
			custom_metrics.NewAvailableAPIsGetter(discovered)),
	}}
	for _, version := range []string{"v1beta1", "v1beta2"} {
		made.custom[version], err = custom_metrics.NewForVersionForConfig(config, mapper,
			schema.GroupVersion{Group: customGroup, Version: version})
		if err != nil {
			return nil, err
		}
	}
	made.external, err = external_metrics.NewForConfig(config)
	return made, err
}

func (c *clients) ask(asked question) answer {
	metricSelector, err := labels.Parse(asked.MetricSelector)
	if err != nil {
		return failed(err)
	}
	switch asked.Form {
	case "external":
		return c.askExternal(asked, metricSelector)
	case "object":
		return c.askObject(asked, metricSelector)
	case "objects":
		return c.askObjects(asked, metricSelector)
	}
	return failed(fmt.Errorf("no such form of a question: %q", asked.Form))
}

func (c *clients) askExternal(asked question, selector labels.Selector) answer {
	list, err := c.external.NamespacedMetrics(asked.Namespace).List(asked.Metric, selector)
	if err != nil {
		return failed(err)
	}
	var told answer
	for i := range list.Items {
		told.Items = append(told.Items, externalItem(&list.Items[i]))
	}
	return told
}

// metrics are those of the question's namespace, or of the cluster.
func (c *clients) metrics(asked question) (custom_metrics.MetricsInterface, error) {
	client := c.custom[asked.Version]
	if client == nil {
		return nil, fmt.Errorf("no such version of %s: %q", customGroup, asked.Version)
	}
	if asked.Namespace == "" {
		return client.RootScopedMetrics(), nil
	}
	return client.NamespacedMetrics(asked.Namespace), nil
}

func (c *clients) askObject(asked question, metricSelector labels.Selector) answer {
	metrics, err := c.metrics(asked)
	if err != nil {
		return failed(err)
	}
	kind := schema.GroupKind{Group: asked.Group, Kind: asked.Kind}
	value, err := metrics.GetForObject(kind, asked.Name, asked.Metric, metricSelector)
	if err != nil {
		return failed(err)
	}
	return answer{Items: []item{customItem(value)}}
}

func (c *clients) askObjects(asked question, metricSelector labels.Selector) answer {
	metrics, err := c.metrics(asked)
	if err != nil {
		return failed(err)
	}
	objectSelector, err := labels.Parse(asked.ObjectSelector)
	if err != nil {
		return failed(err)
	}
	kind := schema.GroupKind{Group: asked.Group, Kind: asked.Kind}
	list, err := metrics.GetForObjects(kind, objectSelector, asked.Metric, metricSelector)
	if err != nil {
		return failed(err)
	}
	var told answer
	for i := range list.Items {
		told.Items = append(told.Items, customItem(&list.Items[i]))
	}
	return told
}
