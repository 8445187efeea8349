package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"

	"k8s.io/client-go/tools/clientcmd"
)

// runMetricsClient reads questions from standard input, a line of JSON each, and prints what the
// clients make of the answers, a line of JSON each. What is right is for the reader to judge.
func runMetricsClient() error {
	kubeconfig := flag.String("kubeconfig", "", "file that says where the API server is")
	flag.Parse()
	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		return err
	}
	// As kube-controller-manager asks: protobuf if there is any, anything else otherwise.
	config.ContentType = "application/vnd.kubernetes.protobuf"
	config.QPS, config.Burst = 1000, 1000
	clients, err := newClients(config)
	if err != nil {
		return err
	}
	return answerAll(clients, os.Stdin, os.Stdout)
}

func answerAll(clients *clients, in io.Reader, out io.Writer) error {
	questions, answers := json.NewDecoder(in), json.NewEncoder(out)
	questions.DisallowUnknownFields()
	for {
		var asked question
		if err := questions.Decode(&asked); err == io.EOF {
			return nil
		} else if err != nil {
			return fmt.Errorf("question: %w", err)
		}
		if err := answers.Encode(clients.ask(asked)); err != nil {
			return err
		}
	}
}
