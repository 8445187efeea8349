package main

import (
	"context"
	"net/http"
	"os"
	"time"

	"github.com/emicklei/go-restful/v3"
	"k8s.io/klog/v2"
	"sigs.k8s.io/custom-metrics-apiserver/pkg/cmd"
	"sigs.k8s.io/custom-metrics-apiserver/test-adapter/provider"
)

// serveWrites takes POST /write-metrics/..., in the clear: it listens on loopback.
func serveWrites(address string, writes *restful.WebService) {
	restful.DefaultContainer.Add(writes)
	server := &http.Server{Addr: address, ReadHeaderTimeout: 3 * time.Second}
	klog.Fatal(server.ListenAndServe())
}

// runTestAdapter is as the library's own test-adapter, but for the port at which values are
// written, which is free to choose.
func runTestAdapter(ctx context.Context) error {
	adapter := &cmd.AdapterBase{Name: "test-adapter"}
	address := adapter.Flags().String("write-address", "127.0.0.1:0", "where values are written")
	if err := adapter.Flags().Parse(os.Args[1:]); err != nil {
		return err
	}
	client, err := adapter.DynamicClient()
	if err != nil {
		return err
	}
	mapper, err := adapter.RESTMapper()
	if err != nil {
		return err
	}
	metrics, writes := provider.NewFakeProvider(client, mapper)
	adapter.WithCustomMetrics(metrics)
	adapter.WithExternalMetrics(metrics)
	go serveWrites(*address, writes)
	return adapter.Run(ctx)
}
