{{/* routerate.inject.add: changes `pod` by `definition` and `wishes`; gives no text. */}}
{{- define "routerate.inject.add" -}}
{{- $pod := .pod -}}
{{- $wishes := .wishes -}}
{{- $definition := .definition -}}
{{- $sidecar := $definition.container -}}
{{- $container := dict -}}
{{- range $pod.spec.containers }}{{ if eq .name $wishes.container }}{{ $container = . }}{{ end }}{{ end -}}

{{- /* The log's volume. */ -}}
{{- $mount := dict -}}
{{- $longest := 0 -}}
{{- range $container.volumeMounts -}}
{{- $path := printf "%s/" (trimSuffix "/" .mountPath) -}}
{{- if and (hasPrefix $path $wishes.directory) (gt (len $path) $longest) -}}
{{- $mount = . -}}
{{- $longest = len $path -}}
{{- end -}}
{{- end -}}
{{- $volumes := $definition.volumes -}}
{{- $logs := dict "name" $definition.logsVolume.name "mountPath" "/logs" -}}
{{- $root := $wishes.directory -}}
{{- if $mount -}}
{{- $logs = merge $logs (pick $mount "subPath" "subPathExpr") -}}
{{- $_ := set $logs "name" $mount.name -}}
{{- $root = printf "%s/" (trimSuffix "/" $mount.mountPath) -}}
{{- else -}}
{{- $volumes = append $volumes $definition.logsVolume -}}
{{- $own := dict "name" $definition.logsVolume.name "mountPath" (trimSuffix "/" $wishes.directory) -}}
{{- $_ := set $container "volumeMounts" (append ($container.volumeMounts | default list) $own) -}}
{{- end -}}
{{- if ne $wishes.reclaim "punch" }}{{ $_ := set $logs "readOnly" true }}{{ end -}}

{{- /* The sidecar. */ -}}
{{- $names := list -}}
{{- range $sidecar.env }}{{ $names = append $names .name }}{{ end -}}
{{- $copied := list -}}
{{- range $container.env -}}
{{- if and (contains (printf "$(%s)" .name) ($logs.subPathExpr | default "")) (not (has .name $names)) -}}
{{- $copied = append $copied . -}}
{{- end -}}
{{- end -}}
{{- $decided := list
  (dict "name" "ROUTERATE_SERVICE" "value" $wishes.service)
  (dict "name" "ROUTERATE_WORKLOAD" "value" $wishes.workload)
  (dict "name" "ROUTERATE_LOGS" "value" (printf "/logs/%s" (trimPrefix $root $wishes.logs)))
  (dict "name" "ROUTERATE_FORMAT" "value" $wishes.format)
  (dict "name" "ROUTERATE_RECLAIM" "value" $wishes.reclaim) -}}
{{- $_ := set $sidecar "env" (concat $copied $sidecar.env $decided) -}}
{{- $_ := set $sidecar "volumeMounts" (append $sidecar.volumeMounts $logs) -}}
{{- include "routerate.inject.resources" (dict "pod" $pod "sidecar" $sidecar) -}}

{{- /* Users. */ -}}
{{- $user := dig "securityContext" "runAsUser" nil $container -}}
{{- $podUser := dig "securityContext" "runAsUser" nil $pod.spec -}}
{{- $known := true -}}
{{- if $wishes.user -}}
{{- $_ := set $sidecar.securityContext "runAsUser" ($wishes.user | int64) -}}
{{- else if $user -}}
{{- $_ := set $sidecar.securityContext "runAsUser" ($user | int64) -}}
{{- with dig "securityContext" "runAsGroup" nil $container -}}
{{- $_ := set $sidecar.securityContext "runAsGroup" (. | int64) -}}
{{- end -}}
{{- else -}}
{{- $known = and (kindIs "invalid" $user) (not (empty $podUser)) -}}
{{- if and (not (kindIs "invalid" $podUser)) (empty $podUser) -}}
{{- $_ := set $sidecar.securityContext "runAsUser" ($definition.user | int64) -}}
{{- end -}}
{{- end -}}

{{- /* The pod. */ -}}
{{- $kind := hasKey $sidecar "restartPolicy" | ternary "initContainers" "containers" -}}
{{- $_ := set $pod.spec $kind (append (get $pod.spec $kind | default list) $sidecar) -}}
{{- $owned := .claims -}}
{{- range $pod.spec.volumes -}}
{{- if or (hasKey . "persistentVolumeClaim") (hasKey . "ephemeral") (hasKey . "csi") }}{{ $owned = append $owned . }}{{ end -}}
{{- end -}}
{{- $_ := set $pod.spec "volumes" (concat ($pod.spec.volumes | default list) $volumes) -}}
{{- $injected := "agent" -}}
{{- $security := $pod.spec.securityContext | default dict -}}
{{- if not (or $known $owned (kindIs "invalid" $definition.fsGroup) (hasKey $security "fsGroup")) -}}
{{- $injected = "agent,fsGroup" -}}
{{- $_ := set $pod.spec "securityContext" (set $security "fsGroup" ($definition.fsGroup | int64)) -}}
{{- end -}}
{{- $metadata := $pod.metadata | default dict -}}
{{- $_ := set $metadata "annotations" (set ($metadata.annotations | default dict) "routerate.io/injected" $injected) -}}
{{- $_ := set $pod "metadata" $metadata -}}
{{- end -}}

{{/* routerate.inject.resources: changes `sidecar` by the annotations of `pod`; gives no text. */}}
{{- define "routerate.inject.resources" -}}
{{- $annotations := dig "metadata" "annotations" dict .pod | default dict -}}
{{- $resources := .sidecar.resources -}}
{{- range $kind := list "requests" "limits" -}}
{{- $amounts := get $resources $kind | default dict -}}
{{- range $name := list "cpu" "memory" -}}
{{- $key := printf "%s-%s" $name (trimSuffix "s" $kind) -}}
{{- with get $annotations (printf "routerate.io/%s" $key) -}}
{{- include "routerate.inject.check" (list $key . "^[0-9]+(\\.[0-9]*)?([eE][0-9]+|[numkMGTPE]|[KMGTPE]i)?$" "is not an amount such as 100m or 64Mi") -}}
{{- $_ := set $amounts $name . -}}
{{- end -}}
{{- end -}}
{{- $_ := set $resources $kind $amounts -}}
{{- end -}}
{{- end -}}
