package main

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"time"

	"sigs.k8s.io/custom-metrics-apiserver/pkg/cmd"
	prometheus "sigs.k8s.io/prometheus-adapter/pkg/client"
	"sigs.k8s.io/prometheus-adapter/pkg/config"
	custom "sigs.k8s.io/prometheus-adapter/pkg/custom-provider"
	external "sigs.k8s.io/prometheus-adapter/pkg/external-provider"
	"sigs.k8s.io/prometheus-adapter/pkg/naming"
)

// prometheusAdapter is prometheus-adapter as far as rules go: its flags and what it makes of them
// are the same, but Prometheus is asked without credentials and there are no resource metrics. Its
// own main does not compile with the libraries of Kubernetes 1.34.
type prometheusAdapter struct {
	cmd.AdapterBase
	url            string
	rules          string
	relistInterval time.Duration
	maxAge         time.Duration
}

func (a *prometheusAdapter) parse(words []string) error {
	a.Name = "prometheus-metrics-adapter"
	flags := a.Flags()
	flags.StringVar(&a.url, "prometheus-url", "", "where Prometheus is")
	flags.StringVar(&a.rules, "config", "", "file of rules")
	flags.DurationVar(&a.relistInterval, "metrics-relist-interval", 10*time.Minute,
		"how often to look for new series")
	flags.DurationVar(&a.maxAge, "metrics-max-age", 10*time.Minute, "how old a series may be")
	return flags.Parse(words)
}

// attach makes the providers that the rules ask for.
func (a *prometheusAdapter) attach(client prometheus.Client, rules *config.MetricsDiscoveryConfig,
	stopped <-chan struct{}) error {
	mapper, err := a.RESTMapper()
	if err != nil {
		return err
	}
	objects, err := a.DynamicClient()
	if err != nil {
		return err
	}
	customNamers, err := naming.NamersFromConfig(rules.Rules, mapper)
	if err != nil {
		return err
	}
	externalNamers, err := naming.NamersFromConfig(rules.ExternalRules, mapper)
	if err != nil {
		return err
	}
	customMetrics, customRunner := custom.NewPrometheusProvider(mapper, objects, client, customNamers,
		a.relistInterval, a.maxAge)
	externalMetrics, externalRunner := external.NewExternalPrometheusProvider(client, externalNamers,
		a.relistInterval, a.maxAge)
	customRunner.RunUntil(stopped)
	externalRunner.RunUntil(stopped)
	a.WithCustomMetrics(customMetrics)
	a.WithExternalMetrics(externalMetrics)
	return nil
}

func runPrometheusAdapter(ctx context.Context) error {
	adapter := &prometheusAdapter{}
	if err := adapter.parse(os.Args[1:]); err != nil {
		return err
	}
	rules, err := config.FromFile(adapter.rules)
	if err != nil {
		return err
	}
	address, err := url.Parse(adapter.url)
	if err != nil {
		return err
	}
	client := prometheus.NewClient(http.DefaultClient, address, http.Header{}, http.MethodGet)
	if err := adapter.attach(client, rules, ctx.Done()); err != nil {
		return err
	}
	return adapter.Run(ctx)
}
