{{/*
routerate.policy.sidecar: the container as an expression. routerate.policy.patches: what is done to a pod, as
JSON patches. Both take the sidecar's definition.
*/}}
{{- define "routerate.policy.sidecar" -}}
{{- $static := omit .container "env" "volumeMounts" "resources" "securityContext" -}}
{{- $resources := .container.resources -}}
{{- $members := list -}}
{{- $env := printf "variables.copiedEnv + %s + %s" (include "routerate.cel" .container.env) (include "routerate.policy.env" .) -}}
{{- $members = append $members (printf "\"env\": dyn(%s)" $env) -}}
{{- $mounts := printf "%s + [dyn(%s)]" (include "routerate.cel" .container.volumeMounts) (include "routerate.policy.mount" .) -}}
{{- $members = append $members (printf "\"volumeMounts\": dyn(%s)" $mounts) -}}
{{- $open := list -}}
{{- range $kind := list "requests" "limits" -}}
{{- $given := omit (get $resources $kind | default dict) "cpu" "memory" -}}
{{- $asked := list -}}
{{- range $name := list "cpu" "memory" -}}
{{- $asked = append $asked (include "routerate.cel.member" (list $name (printf "variables.%s%s" $name (title $kind)))) -}}
{{- end -}}
{{- $map := include "routerate.cel.open" (dict "static" $given "dynamic" $asked) -}}
{{- $open = append $open (printf "%q: dyn(%s)" $kind $map) -}}
{{- end -}}
{{- $map := include "routerate.cel.open" (dict "static" (omit $resources "requests" "limits") "dynamic" $open) -}}
{{- $members = append $members (printf "\"resources\": dyn(%s)" $map) -}}
{{- $security := omit .container.securityContext "runAsUser" "runAsGroup" -}}
{{- $users := list -}}
{{- range $name := list "runAsUser" "runAsGroup" -}}
{{- $users = append $users (include "routerate.cel.member" (list $name (printf "variables.%s" $name))) -}}
{{- end -}}
{{- $map := include "routerate.cel.open" (dict "static" $security "dynamic" $users) -}}
{{- $members = append $members (printf "\"securityContext\": dyn(%s)" $map) -}}
{{- include "routerate.cel.open" (dict "static" $static "dynamic" $members) -}}
{{- end -}}

{{- define "routerate.policy.env" -}}
[ {{- range $i, $name := list "service" "workload" "logs" "format" "reclaim" -}}
{{- $value := printf "variables.%s" $name -}}
{{- if eq $name "logs" -}}
{{- $value = "'/logs/' + variables.logs.substring(size(variables.root))" -}}
{{- end -}}
{{- if $i }}, {{ end }}dyn({"name": "ROUTERATE_{{ upper $name }}", "value": string({{ $value }})})
{{- end -}} ]
{{- end -}}

{{- define "routerate.policy.mount" -}}
{"name": dyn(variables.needsVolume ? '{{ .logsVolume.name }}' : variables.mounts[0].name), "mountPath": dyn("/logs"), {{ include "routerate.cel.member" (list "readOnly" "variables.reclaim != 'punch'") }}, {{ include "routerate.cel.member" (list "subPath" "variables.subPath") }}, {{ include "routerate.cel.member" (list "subPathExpr" "variables.subPathExpr") }}}
{{- end -}}

{{- define "routerate.policy.patches" -}}
{{- $containers := ternary "initContainers" "containers" (hasKey .container "restartPolicy") -}}
!variables.legal ? [] :
(has(object.spec.{{ $containers }}) ? [] : [JSONPatch{op: "add", path: "/spec/{{ $containers }}", value: []}])
+ (has(object.spec.volumes) ? [] : [JSONPatch{op: "add", path: "/spec/volumes", value: []}])
+ [JSONPatch{op: "add", path: "/spec/{{ $containers }}/-", value: {{ include "routerate.policy.sidecar" . }}}]
+ {{ include "routerate.cel" .volumes }}.map(v, JSONPatch{op: "add", path: "/spec/volumes/-", value: v})
+ (!variables.needsVolume ? [] :
  [JSONPatch{op: "add", path: "/spec/volumes/-", value: {{ include "routerate.cel" .logsVolume }}}]
  + (has(variables.container.volumeMounts) ? [] :
     [JSONPatch{op: "add", path: "/spec/containers/" + string(variables.index) + "/volumeMounts", value: []}])
  + [JSONPatch{op: "add", path: "/spec/containers/" + string(variables.index) + "/volumeMounts/-",
     value: {"name": "{{ .logsVolume.name }}", "mountPath": string(variables.directory.substring(0, size(variables.directory) - 1))}}])
+ (!variables.needsGroup ? [] :
  (has(object.spec.securityContext) ? [] : [JSONPatch{op: "add", path: "/spec/securityContext", value: {}}])
  + [JSONPatch{op: "add", path: "/spec/securityContext/fsGroup", value: {{ .fsGroup | default 0 | int64 }}}])
+ (has(object.metadata.annotations) ? [] : [JSONPatch{op: "add", path: "/metadata/annotations", value: {}}])
+ [JSONPatch{op: "add", path: "/metadata/annotations/" + jsonpatch.escapeKey("routerate.io/injected"),
   value: variables.needsGroup ? "agent,fsGroup" : "agent"}]
{{- end -}}
