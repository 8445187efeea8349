{{/*
routerate.inject: a pod with the sidecar, as YAML; for templates of other charts that depend on this one.
docs/injection.md has the rules, and what a pod's annotations may say. Takes
  root      $, of the chart that depends on this one
  workload  whose pods these are: deployments.apps/shop, jobs.batch/nightly; none: a pod by itself
  pod       an object with metadata and spec, such as a Deployment's spec.template
  claims    a StatefulSet's volumeClaimTemplates, if it has some
*/}}
{{- define "routerate.inject" -}}
{{- $own := .root -}}
{{- if ne .root.Chart.Name "routerate" -}}{{- $own = .root.Subcharts.routerate -}}{{- end -}}
{{- $definition := include "routerate.sidecar" $own | fromYaml -}}
{{- $pod := deepCopy .pod -}}
{{- $name := $definition.container.name -}}
{{- $os := dig "spec" "os" "name" "linux" $pod -}}
{{- $there := list -}}
{{- range concat $pod.spec.containers ($pod.spec.initContainers | default list) -}}
{{- $there = append $there .name -}}
{{- end -}}
{{- if not (or (has $name $there) (eq $os "windows") (eq "false" (include "routerate.inject.asked" $pod))) -}}
{{- $scope := dict "pod" $pod "definition" $definition "workload" (.workload | default "") "claims" (.claims | default list) -}}
{{- $_ := set $scope "wishes" (include "routerate.inject.wishes" $scope | fromYaml) -}}
{{- $_ := include "routerate.inject.add" $scope -}}
{{- end -}}
{{- toYaml $pod -}}
{{- end -}}

{{/* What the pod says of routerate.io/inject. */}}
{{- define "routerate.inject.asked" -}}
{{- $labels := dig "metadata" "labels" dict . | default dict -}}
{{- $annotations := dig "metadata" "annotations" dict . | default dict -}}
{{- get $annotations "routerate.io/inject" | default (get $labels "routerate.io/inject") -}}
{{- end -}}

{{/* What is wanted, as YAML: from the pod's annotations and from what it is. */}}
{{- define "routerate.inject.wishes" -}}
{{- $pod := .pod -}}
{{- $annotations := dig "metadata" "annotations" dict $pod | default dict -}}
{{- $containers := $pod.spec.containers -}}
{{- $container := first $containers -}}
{{- with get $annotations "routerate.io/container" -}}
{{- $container = dict -}}
{{- range $containers }}{{ if eq .name (get $annotations "routerate.io/container") }}{{ $container = . }}{{ end }}{{ end -}}
{{- if not $container }}{{ fail (printf "routerate.io/container: the pod has no container %q" .) }}{{ end -}}
{{- end -}}
{{- $asked := include "routerate.inject.asked" $pod -}}
{{- $guess := ternary "tomcat" "nginx" (regexMatch "tomcat[^/]*$" ($container.image | default "")) -}}
{{- $format := get $annotations "routerate.io/format" | default (has $asked (list "" "true") | ternary $guess $asked) -}}
{{- $tomcat := eq $format "tomcat" -}}
{{- $logs := get $annotations "routerate.io/logs" | default ($tomcat | ternary "/usr/local/tomcat/logs/" "/var/log/nginx/") -}}
{{- if hasSuffix "/" $logs }}{{ $logs = printf "%s%s" $logs ($tomcat | ternary "localhost_access_log*.txt" "access*.log") }}{{ end -}}
{{- $reclaim := get $annotations "routerate.io/reclaim" | default "none" -}}
{{- $kind := splitList "/" .workload | first -}}
{{- $generated := dig "metadata" "generateName" "" $pod | trimSuffix "-" -}}
{{- $name := splitList "/" .workload | last | default (dig "metadata" "name" $generated $pod) -}}
{{- if eq $kind "jobs.batch" }}{{ $name = regexReplaceAll "-[0-9]{8,}$" $name "" }}{{ end -}}
{{- $told := list "deployments.apps" "replicasets.apps" "statefulsets.apps" "daemonsets.apps" -}}
{{- $service := get $annotations "routerate.io/service" | default $name -}}
{{- $user := get $annotations "routerate.io/run-as-user" -}}
{{- include "routerate.inject.check" (list "format" $format "^(nginx|tomcat|combined|auto)$" "is not one of nginx, tomcat, combined, auto") -}}
{{- include "routerate.inject.check" (list "logs" $logs "^/[^/*?\\[]+/." "is no absolute pattern below a directory") -}}
{{- include "routerate.inject.check" (list "reclaim" $reclaim "^(none|punch)$" "is not one of none, punch") -}}
{{- include "routerate.inject.check" (list "service" $service "^[^/\\s]+$" "is empty, or has '/' or white space") -}}
{{- include "routerate.inject.check" (list "run-as-user" ($user | default "1") "^[1-9][0-9]{0,9}$" "is not the number of a user other than root") -}}
{{- if and (not .definition.container.restartPolicy) (has $kind (list "jobs.batch" "cronjobs.batch")) -}}
{{- fail (printf "%s: a plain container would keep the Job from ending (sidecar.native)" .workload) -}}
{{- end -}}
container: {{ $container.name }}
format: {{ $format }}
logs: {{ $logs | toJson }}
directory: {{ regexFind "^[^*?\\[]*/" $logs | toJson }}
reclaim: {{ $reclaim }}
workload: {{ has $kind $told | ternary .workload "" | toJson }}
service: {{ $service | toJson }}
user: {{ $user | toJson }}
{{- end -}}

{{- define "routerate.inject.check" -}}
{{- if not (regexMatch (index . 2) (index . 1)) -}}
{{- fail (printf "routerate.io/%s: %q %s" (index . 0) (index . 1) (index . 3)) -}}
{{- end -}}
{{- end -}}
