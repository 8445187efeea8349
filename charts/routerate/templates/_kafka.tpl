{{/* Kafka as both programs see it. Each takes the values `kafka`; the Secrets are in the pod's namespace. */}}

{{/* `kafka:` of agent.yaml and aggregator.yaml, without the brokers. */}}
{{- define "routerate.kafka.settings" -}}
{{- $properties := dict -}}
{{- $protocol := "PLAINTEXT" -}}
{{- if .tls.enabled -}}
{{- $protocol = ternary "SASL_SSL" "SSL" (not (empty .sasl.mechanism)) -}}
{{- if .tls.caSecret.name -}}
{{- $_ := set $properties "ssl.ca.location" "/etc/routerate/kafka/ca.crt" -}}
{{- end -}}
{{- if .tls.clientSecret.name -}}
{{- $_ := set $properties "ssl.certificate.location" "/etc/routerate/kafka/tls.crt" -}}
{{- $_ := set $properties "ssl.key.location" "/etc/routerate/kafka/tls.key" -}}
{{- end -}}
{{- else if .sasl.mechanism -}}
{{- $protocol = "SASL_PLAINTEXT" -}}
{{- end -}}
{{- if ne $protocol "PLAINTEXT" -}}
{{- $_ := set $properties "security.protocol" $protocol -}}
{{- end -}}
{{- if .sasl.mechanism -}}
{{- $_ := set $properties "sasl.mechanism" .sasl.mechanism -}}
{{- $_ := set $properties "sasl.username" "${KAFKA_USERNAME}" -}}
{{- $_ := set $properties "sasl.password" "${KAFKA_PASSWORD}" -}}
{{- end -}}
{{- $settings := dict "topic" .topic -}}
{{- with mergeOverwrite $properties .properties -}}
{{- $_ := set $settings "properties" . -}}
{{- end -}}
{{- toYaml $settings -}}
{{- end -}}

{{/* A list: variables with what the settings refer to. */}}
{{- define "routerate.kafka.env" -}}
{{- with .sasl -}}
{{- if .mechanism -}}
- name: KAFKA_USERNAME
  valueFrom: {secretKeyRef: {name: {{ .secret.name }}, key: {{ .secret.username }}}}
- name: KAFKA_PASSWORD
  valueFrom: {secretKeyRef: {name: {{ .secret.name }}, key: {{ .secret.password }}}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* A list: the volume with the certificates, or nothing. `routerate.kafka.mounts` goes with it. */}}
{{- define "routerate.kafka.volumes" -}}
{{- if and .tls.enabled (or .tls.caSecret.name .tls.clientSecret.name) -}}
- name: routerate-kafka
  projected:
    sources:
{{- with .tls.caSecret }}{{ if .name }}
      - secret:
          name: {{ .name }}
          items: [{key: {{ .key }}, path: ca.crt}]
{{- end }}{{ end }}
{{- with .tls.clientSecret }}{{ if .name }}
      - secret:
          name: {{ .name }}
          items: [{key: {{ .certificate }}, path: tls.crt}, {key: {{ .key }}, path: tls.key}]
{{- end }}{{ end }}
{{- end -}}
{{- end -}}

{{- define "routerate.kafka.mounts" -}}
{{- if include "routerate.kafka.volumes" . -}}
- {name: routerate-kafka, mountPath: /etc/routerate/kafka, readOnly: true}
{{- end -}}
{{- end -}}
