// Command metrics is three programs around Kubernetes' metrics APIs in one, so that what they share
// is linked once; the name it is started by says which:
//   - prometheus-adapter: sigs.k8s.io/prometheus-adapter, made of its own packages
//   - test-adapter: sigs.k8s.io/custom-metrics-apiserver with its writable provider of test values
//   - metrics-client: asks with the clients of the HorizontalPodAutoscaler's controller
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/component-base/logs"
)

// server is a program that answers until it gets SIGTERM.
func server(run func(context.Context) error) func() error {
	return func() error {
		logs.InitLogs()
		defer logs.FlushLogs()
		return run(genericapiserver.SetupSignalContext())
	}
}

func main() {
	programs := map[string]func() error{
		"prometheus-adapter": server(runPrometheusAdapter),
		"test-adapter":       server(runTestAdapter),
		"metrics-client":     runMetricsClient,
	}
	name := filepath.Base(os.Args[0])
	run, known := programs[name]
	if !known {
		fmt.Fprintf(os.Stderr, "%s: start this as prometheus-adapter, test-adapter or metrics-client\n",
			name)
		os.Exit(2)
	}
	if err := run(); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(1)
	}
}
