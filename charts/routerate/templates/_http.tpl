{{/* The aggregator's HTTP port: by which scheme it is asked, with which files. */}}

{{- define "routerate.http.scheme" -}}
{{- ternary "https" "http" (not (empty .Values.aggregator.http.tls.secret.name)) -}}
{{- end -}}

{{/* The host is a name that the certificate is for. */}}
{{- define "routerate.http.url" -}}
{{- $host := printf "%s.%s" (include "routerate.aggregator.name" .) .Release.Namespace -}}
{{- if .Values.aggregator.http.tls.secret.name -}}
https://{{ $host }}.svc:9465
{{- else -}}
http://{{ $host }}:9465
{{- end -}}
{{- end -}}

{{- define "routerate.http.clientKey" -}}
{{- with .Values.aggregator.http.token.secret }}{{ .clientKey | default .key }}{{ end -}}
{{- end -}}

{{/* JSON: `http` of aggregator.yaml; {} without any. */}}
{{- define "routerate.http.config" -}}
{{- $http := dict -}}
{{- with .Values.aggregator.http -}}
{{- if .tls.secret.name -}}
{{- $_ := set $http "certificate" "/etc/routerate/http-tls/tls.crt" -}}
{{- $_ := set $http "key" "/etc/routerate/http-tls/tls.key" -}}
{{- end -}}
{{- if .token.secret.name -}}
{{- $_ := set $http "token_file" "/etc/routerate/http-token/token" -}}
{{- end -}}
{{- end -}}
{{- toJson $http -}}
{{- end -}}

{{- define "routerate.http.volumes" -}}
{{- with .Values.aggregator.http.tls.secret -}}
{{- if .name }}
- name: http-tls
  secret:
    secretName: {{ .name }}
    items: [{key: {{ .certificate }}, path: tls.crt}, {key: {{ .key }}, path: tls.key}]
{{- end }}
{{- end }}
{{- with .Values.aggregator.http.token.secret -}}
{{- if .name }}
- name: http-token
  secret:
    secretName: {{ .name }}
    items: [{key: {{ .key }}, path: token}]
{{- end }}
{{- end }}
{{- end -}}

{{- define "routerate.http.mounts" -}}
{{- if .Values.aggregator.http.tls.secret.name }}
- {name: http-tls, mountPath: /etc/routerate/http-tls, readOnly: true}
{{- end }}
{{- if .Values.aggregator.http.token.secret.name }}
- {name: http-token, mountPath: /etc/routerate/http-token, readOnly: true}
{{- end }}
{{- end -}}

{{/* Of a ServiceMonitor's endpoint. */}}
{{- define "routerate.http.scrape" -}}
{{- with .Values.aggregator.http.tls.secret -}}
{{- if .name }}
scheme: https
tlsConfig:
  ca: {secret: {name: {{ .name }}, key: {{ .ca }}}}
  serverName: {{ include "routerate.aggregator.name" $ }}.{{ $.Release.Namespace }}.svc
{{- end }}
{{- end }}
{{- with .Values.aggregator.http.token.secret -}}
{{- if .name }}
authorization:
  credentials: {name: {{ .name }}, key: {{ include "routerate.http.clientKey" $ }}}
{{- end }}
{{- end }}
{{- end -}}

{{/* What a client needs in a pod of its own (helm test): who signed the certificate, a token. */}}
{{- define "routerate.http.clientVolumes" -}}
{{- with .Values.aggregator.http -}}
{{- if .tls.secret.name }}
- name: http-client
  projected:
    sources:
      - secret: {name: {{ .tls.secret.name }}, items: [{key: {{ .tls.secret.ca }}, path: ca.crt}]}
      {{- if .token.secret.name }}
      - secret: {name: {{ .token.secret.name }}, items: [{key: {{ include "routerate.http.clientKey" $ }}, path: token}]}
      {{- end }}
{{- end }}
{{- end }}
{{- end -}}
