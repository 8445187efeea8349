{{/* The aggregator's configuration, and where it lies. */}}

{{- define "routerate.aggregator.config" -}}
{{- $kafka := include "routerate.kafka.settings" .Values.kafka | fromYaml -}}
{{- $config := dict "kafka" (set $kafka "brokers" .Values.kafka.brokers) -}}
{{- if .Values.aggregator.routes -}}
{{- $_ := set $config "routes" "routes.yaml" -}}
{{- end -}}
{{- if .Values.metricsApi.enabled -}}
{{- $_ := set $config "metrics_api" (dict "certificate" "/etc/routerate/tls/tls.crt" "key" "/etc/routerate/tls/tls.key") -}}
{{- end -}}
{{- with include "routerate.http.config" . | fromJson -}}
{{- $_ := set $config "http" . -}}
{{- end -}}
{{- mergeOverwrite $config (deepCopy .Values.aggregator.config) | toYaml -}}
{{- end -}}

{{/* Files of the ConfigMap that is mounted at /etc/routerate/config. */}}
{{- define "routerate.aggregator.files" -}}
aggregator.yaml: |
  {{- include "routerate.aggregator.config" . | nindent 2 }}
{{- with .Values.aggregator.routes }}
routes.yaml: |
  {{- dict "routes" . | toYaml | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Lists of a pod with it. */}}
{{- define "routerate.aggregator.volumes" -}}
- name: config
  configMap: {name: {{ include "routerate.aggregator.name" . }}}
{{- if .Values.metricsApi.enabled }}
- name: tls
  secret:
    secretName: {{ include "routerate.certificate.secret" . }}
    items: [{key: tls.crt, path: tls.crt}, {key: tls.key, path: tls.key}]
{{- end }}
{{- with include "routerate.http.volumes" . | trim }}
{{ . }}
{{- end }}
{{- with include "routerate.kafka.volumes" .Values.kafka }}
{{ . }}
{{- end }}
{{- with .Values.aggregator.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "routerate.aggregator.mounts" -}}
- {name: config, mountPath: /etc/routerate/config, readOnly: true}
{{- if .Values.metricsApi.enabled }}
- {name: tls, mountPath: /etc/routerate/tls, readOnly: true}
{{- end }}
{{- with include "routerate.http.mounts" . | trim }}
{{ . }}
{{- end }}
{{- with include "routerate.kafka.mounts" .Values.kafka }}
{{ . }}
{{- end }}
{{- with .Values.aggregator.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "routerate.aggregator.env" -}}
{{- $lists := list (include "routerate.kafka.env" .Values.kafka) -}}
{{- with .Values.aggregator.extraEnv -}}
{{- $lists = append $lists (toYaml .) -}}
{{- end -}}
{{- without $lists "" | join "\n" -}}
{{- end -}}

{{/* Each constraint, with the pods' own selector where it has none. */}}
{{- define "routerate.aggregator.spread" -}}
{{- $selector := dict "matchLabels" (include "routerate.aggregator.selectorLabels" . | fromYaml) -}}
{{- range .Values.aggregator.topologySpreadConstraints -}}
- {{ ternary . (merge (dict "labelSelector" $selector) .) (hasKey . "labelSelector") | toYaml | nindent 2 | trim }}
{{ end -}}
{{- end -}}
