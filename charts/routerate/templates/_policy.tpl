{{/* routerate.policy.version: the newest version of MutatingAdmissionPolicy that the cluster has, or nothing. */}}
{{- define "routerate.policy.version" -}}
{{- $kind := "MutatingAdmissionPolicy" -}}
{{- $found := "" -}}
{{- range $version := list "v1alpha1" "v1beta1" "v1" -}}
{{- if $.Capabilities.APIVersions.Has (printf "admissionregistration.k8s.io/%s/%s" $version $kind) -}}
{{- $found = $version -}}
{{- end -}}
{{- end -}}
{{- $found -}}
{{- end -}}
