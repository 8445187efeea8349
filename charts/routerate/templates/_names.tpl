{{/* Names, labels and the image. */}}

{{- define "routerate.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains "routerate" .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-routerate" .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "routerate.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}{{ .repository }}@{{ .digest }}
{{- else -}}{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "routerate.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "routerate.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: routerate
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "routerate.selectorLabels" -}}
app.kubernetes.io/name: routerate
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* The aggregator's objects. */}}
{{- define "routerate.aggregator.name" -}}
{{ include "routerate.fullname" . }}-aggregator
{{- end -}}

{{- define "routerate.aggregator.labels" -}}
{{ include "routerate.labels" . }}
app.kubernetes.io/component: aggregator
{{- end -}}

{{- define "routerate.aggregator.selectorLabels" -}}
{{ include "routerate.selectorLabels" . }}
app.kubernetes.io/component: aggregator
{{- end -}}

{{- define "routerate.aggregator.serviceAccount" -}}
{{- with .Values.serviceAccount -}}
{{- .name | default (ternary (include "routerate.aggregator.name" $) "default" .create) -}}
{{- end -}}
{{- end -}}

{{/* Of the pod that `helm test` runs. */}}
{{- define "routerate.test.labels" -}}
{{ include "routerate.selectorLabels" . }}
app.kubernetes.io/component: test
{{- end -}}
