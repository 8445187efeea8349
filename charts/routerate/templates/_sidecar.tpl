{{/*
routerate.sidecar: files/sidecar.yaml with values.yaml laid over it, as YAML. Takes this chart's scope.
*/}}
{{- define "routerate.sidecar" -}}
{{- $definition := .Files.Get "files/sidecar.yaml" | fromYaml -}}
{{- $sidecar := .Values.sidecar -}}
{{- $kafka := mergeOverwrite (deepCopy .Values.kafka) (deepCopy $sidecar.kafka) -}}
{{- $container := $definition.container -}}
{{- $_ := set $container "image" (include "routerate.image" .) -}}
{{- $_ := set $container "imagePullPolicy" .Values.image.pullPolicy -}}
{{- $_ := set $container "resources" $sidecar.resources -}}
{{- $_ := set $container "securityContext" (mergeOverwrite $container.securityContext $sidecar.securityContext) -}}
{{- range $container.env -}}
{{- if eq .name "KAFKA_BROKERS" -}}
{{- $_ := set . "value" (required "kafka.brokers: the sidecars' Kafka, as host:port" $kafka.brokers) -}}
{{- else if eq .name "ROUTERATE_AGENT_YAML" -}}
{{- $settings := include "routerate.kafka.settings" $kafka | fromYaml -}}
{{- $config := mergeOverwrite (fromYaml .value) (dict "kafka" $settings) $sidecar.config -}}
{{- $_ := set . "value" (toYaml $config) -}}
{{- end -}}
{{- end -}}
{{- $_ := set $container "env" (concat $container.env (include "routerate.kafka.env" $kafka | fromYamlArray)) -}}
{{- $mounts := include "routerate.kafka.mounts" $kafka | fromYamlArray -}}
{{- $_ := set $container "volumeMounts" (concat $container.volumeMounts $mounts) -}}
{{- $volumes := include "routerate.kafka.volumes" $kafka | fromYamlArray -}}
{{- $_ := set $definition "volumes" (concat $definition.volumes $volumes) -}}
{{- if not $sidecar.native -}}
{{- $_ := unset $container "restartPolicy" -}}
{{- $_ := unset $container "startupProbe" -}}
{{- end -}}
{{- $_ := set $definition "logsVolume" (merge (dict "name" $definition.logsVolume.name) $sidecar.logsVolume) -}}
{{- $_ := set $definition "fsGroup" $sidecar.fsGroup -}}
{{- toYaml $definition -}}
{{- end -}}
