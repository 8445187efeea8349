{{/* The aggregator as a metrics API server: group versions, who has them now, the certificate. */}}

{{/* JSON {apis: [{name, group, version, priority, key}]} of those that are asked for: of two
     versions the higher priority is preferred. `key` is the value that leaves the group out. */}}
{{- define "routerate.metricsApi.apis" -}}
{{- $apis := list -}}
{{- if .Values.metricsApi.customMetrics -}}
{{- range $version, $priority := dict "v1beta1" 100 "v1beta2" 200 -}}
{{- $apis = append $apis (dict "group" "custom.metrics.k8s.io" "version" $version "priority" $priority "key" "customMetrics") -}}
{{- end -}}
{{- end -}}
{{- if .Values.metricsApi.externalMetrics -}}
{{- $apis = append $apis (dict "group" "external.metrics.k8s.io" "version" "v1beta1" "priority" 100 "key" "externalMetrics") -}}
{{- end -}}
{{- range $apis -}}
{{- $_ := set . "name" (printf "%s.%s" .version .group) -}}
{{- end -}}
{{- dict "apis" $apis | toJson -}}
{{- end -}}

{{/* Whose an APIService of the cluster is, if it is not this release's; else nothing. */}}
{{- define "routerate.metricsApi.otherOwner" -}}
{{- $annotations := .found.metadata.annotations | default dict -}}
{{- $release := get $annotations "meta.helm.sh/release-name" -}}
{{- $namespace := get $annotations "meta.helm.sh/release-namespace" -}}
{{- $service := .found.spec.service | default dict -}}
{{- if $release -}}
{{- if or (ne $release .root.Release.Name) (ne $namespace .root.Release.Namespace) -}}
the release {{ $release }} in namespace {{ $namespace }}
{{- end -}}
{{- else if $service -}}
the Service {{ $service.name }} in namespace {{ $service.namespace }}
{{- else -}}
kube-apiserver itself
{{- end -}}
{{- end -}}

{{/* Fails where somebody else answers for a group. */}}
{{- define "routerate.metricsApi.refuseIfTaken" -}}
{{- range (include "routerate.metricsApi.apis" . | fromJson).apis -}}
{{- with lookup "apiregistration.k8s.io/v1" "APIService" "" .name -}}
{{- $api := . -}}
{{- with include "routerate.metricsApi.otherOwner" (dict "root" $ "found" $api) -}}
{{- fail (printf (include "routerate.metricsApi.taken" $) $api.metadata.name . (ternary "customMetrics" "externalMetrics" (hasPrefix "custom." $api.spec.group))) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "routerate.metricsApi.taken" -}}
the APIService %s belongs to %s, and a cluster has one server for each group. Leave it there with metricsApi.%s=false, or uninstall its owner first.
Left there, HPAs read routerate's rates through its owner: prometheusAdapter.rules=true makes rules
for prometheus-adapter; KEDA reads Prometheus, or /v1/routes/ROUTE_ID of the aggregator.
{{- end -}}

{{- define "routerate.certificate.secret" -}}
{{- .Values.metricsApi.certificate.existingSecret | default (printf "%s-tls" (include "routerate.aggregator.name" .)) -}}
{{- end -}}

{{/* A list: the Service's names. The API server uses NAME.NAMESPACE.svc. */}}
{{- define "routerate.certificate.names" -}}
{{- $name := include "routerate.aggregator.name" . -}}
- {{ $name }}.{{ .Release.Namespace }}.svc
- {{ $name }}.{{ .Release.Namespace }}
- {{ $name }}
{{- end -}}

{{/* Data and annotation of the Secret that the chart makes: as it is there, but for its last thirty days. */}}
{{- define "routerate.certificate.made" -}}
{{- $secret := lookup "v1" "Secret" .Release.Namespace (include "routerate.certificate.secret" .) | default dict -}}
{{- $annotations := dig "metadata" "annotations" dict $secret | default dict -}}
{{- $notAfter := get $annotations "routerate.io/not-after" | default "1970-01-01T00:00:00Z" -}}
{{- $renewAt := toDate "2006-01-02T15:04:05Z07:00" $notAfter | date_modify "-720h" | unixEpoch | int64 -}}
{{- if gt $renewAt (now | unixEpoch | int64) -}}
{{- dict "notAfter" $notAfter "data" $secret.data | toJson -}}
{{- else -}}
{{- $days := int .Values.metricsApi.certificate.validityDays -}}
{{- $names := include "routerate.certificate.names" . | fromYamlArray -}}
{{- $authority := genCA (include "routerate.aggregator.name" .) $days -}}
{{- $certificate := genSignedCert (first $names) nil $names $days $authority -}}
{{- $data := dict "ca.crt" (b64enc $authority.Cert) "tls.crt" (b64enc $certificate.Cert) "tls.key" (b64enc $certificate.Key) -}}
{{- dict "notAfter" (now | date_modify (printf "%dh" (mul 24 $days)) | date "2006-01-02T15:04:05Z07:00") "data" $data | toJson -}}
{{- end -}}
{{- end -}}
