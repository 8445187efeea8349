{{/*
routerate.cel: a value as a literal of the Common Expression Language. Kubernetes wants the members of a
list or a map to be of one type: all are dyn.
*/}}
{{- define "routerate.cel" -}}
{{- if kindIs "map" . -}}
{{- include "routerate.cel.open" (dict "static" . "dynamic" list) -}}
{{- else if kindIs "slice" . -}}
[ {{- range $i, $value := . -}}
{{- if $i }}, {{ end }}dyn({{ include "routerate.cel" $value }})
{{- end -}} ]
{{- else -}}
{{- toJson . -}}
{{- end -}}
{{- end -}}

{{/* A member of a map that is left out when the expression is '', 0 or false. */}}
{{- define "routerate.cel.member" -}}
?"{{ index . 0 }}": optional.ofNonZeroValue(dyn({{ index . 1 }}))
{{- end -}}

{{/* A map: takes static, a value, and dynamic, a list of members as texts. */}}
{{- define "routerate.cel.open" -}}
{ {{- range $i, $key := keys .static | sortAlpha -}}
{{- if $i }}, {{ end }}{{ toJson $key }}: dyn({{ include "routerate.cel" (get $.static $key) }})
{{- end -}}
{{- range $i, $member := .dynamic -}}
{{- if or $i $.static }}, {{ end }}{{ $member }}
{{- end -}} }
{{- end -}}

{{/* The names of a list of variables, mounts or volumes. */}}
{{- define "routerate.names" -}}
[{{ range $i, $item := . }}{{ if $i }}, {{ end }}'{{ $item.name }}'{{ end }}]
{{- end -}}
