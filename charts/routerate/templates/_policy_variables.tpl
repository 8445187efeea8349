{{/*
routerate.policy.variables: what injection wants to know of a pod, as variables of a policy. Each is the
rule of docs/injection.md that it is named after; '' and 0 are none. Takes the sidecar's definition.
*/}}
{{- define "routerate.policy.variables" -}}
{{- $security := .container.securityContext -}}
- name: annotations
  expression: "has(object.metadata.annotations) ? object.metadata.annotations : {}"
- name: inject
  expression: >-
    variables.annotations[?'routerate.io/inject'].orValue(
      object.metadata.?labels[?'routerate.io/inject'].orValue(''))
- name: index
  expression: >-
    'routerate.io/container' in variables.annotations
      ? object.spec.containers.map(c, c.name).indexOf(variables.annotations['routerate.io/container'])
      : 0
- name: container
  expression: "object.spec.containers[variables.index < 0 ? 0 : variables.index]"
- name: format
  expression: >-
    variables.annotations[?'routerate.io/format'].orValue(
      variables.inject != 'true' ? variables.inject
      : variables.container.?image.orValue('').matches('tomcat[^/]*$') ? 'tomcat' : 'nginx')
- name: filePattern
  expression: "variables.format == 'tomcat' ? 'localhost_access_log*.txt' : 'access*.log'"
- name: logsAsked
  expression: >-
    variables.annotations[?'routerate.io/logs'].orValue(
      variables.format == 'tomcat' ? '/usr/local/tomcat/logs/' : '/var/log/nginx/')
- name: logs
  expression: "variables.logsAsked.endsWith('/') ? variables.logsAsked + variables.filePattern : variables.logsAsked"
- name: directory
  expression: "variables.logs.find('^[^*?[]*/')"
- name: leading
  expression: >-
    has(variables.container.volumeMounts)
      ? variables.container.volumeMounts.filter(m,
          variables.directory.startsWith(m.mountPath.endsWith('/') ? m.mountPath : m.mountPath + '/'))
      : []
- name: mounts
  expression: >-
    variables.leading.filter(m, variables.leading.all(other, size(other.mountPath) <= size(m.mountPath)))
- name: needsVolume
  expression: "size(variables.mounts) == 0"
- name: root
  expression: >-
    variables.needsVolume ? variables.directory
      : variables.mounts[0].mountPath.endsWith('/') ? variables.mounts[0].mountPath
      : variables.mounts[0].mountPath + '/'
- name: subPath
  expression: "variables.needsVolume ? '' : variables.mounts[0].?subPath.orValue('')"
- name: subPathExpr
  expression: "variables.needsVolume ? '' : variables.mounts[0].?subPathExpr.orValue('')"
- name: copiedEnv
  expression: >-
    variables.container.?env.orValue([]).filter(e,
      variables.subPathExpr.contains('$(' + e.name + ')')
      && !(e.name in {{ include "routerate.names" .container.env }}))
- name: reclaim
  expression: "variables.annotations[?'routerate.io/reclaim'].orValue('none')"
- name: owners
  expression: "object.metadata.?ownerReferences.orValue([]).filter(o, o.?controller.orValue(false))"
- name: ownerKind
  expression: "size(variables.owners) == 0 ? '' : variables.owners[0].kind"
- name: hash
  expression: "'-' + object.metadata.?labels[?'pod-template-hash'].orValue('')"
- name: ofDeployment
  expression: >-
    variables.ownerKind == 'ReplicaSet' && variables.hash != '-' && variables.owners[0].name.endsWith(variables.hash)
- name: ownerName
  expression: >-
    variables.ofDeployment ? variables.owners[0].name.substring(0, size(variables.owners[0].name) - size(variables.hash))
      : size(variables.owners) == 0 ? ''
      : variables.ownerKind == 'Job' && variables.owners[0].name.matches('-[0-9]{8,}$')
      ? variables.owners[0].name.substring(0, variables.owners[0].name.lastIndexOf('-'))
      : variables.owners[0].name
- name: resource
  expression: >-
    variables.ofDeployment ? 'deployments.apps/'
      : variables.ownerKind in ['ReplicaSet', 'StatefulSet', 'DaemonSet'] ? variables.ownerKind.lowerAscii() + 's.apps/'
      : ''
- name: workload
  expression: "variables.resource == '' ? '' : variables.resource + variables.ownerName"
- name: generated
  expression: "object.metadata.?generateName.orValue('')"
- name: podName
  expression: >-
    object.metadata.?name.orValue('') != '' ? object.metadata.name
      : variables.generated.endsWith('-') ? variables.generated.substring(0, size(variables.generated) - 1)
      : variables.generated
- name: service
  expression: >-
    variables.annotations[?'routerate.io/service'].orValue(
      variables.ownerName != '' ? variables.ownerName : variables.podName)
- name: userAsked
  expression: "variables.annotations[?'routerate.io/run-as-user']"
- name: containerUser
  expression: "variables.container.?securityContext.?runAsUser"
- name: podUser
  expression: "object.spec.?securityContext.?runAsUser"
- name: containerUserKnown
  expression: "!variables.userAsked.hasValue() && variables.containerUser.orValue(0) != 0"
- name: userKnown
  expression: >-
    variables.userAsked.hasValue() || variables.containerUserKnown
      || !variables.containerUser.hasValue() && variables.podUser.orValue(0) != 0
- name: runAsUser
  expression: >-
    variables.userAsked.hasValue() ? int(string(variables.userAsked.value()))
      : variables.containerUserKnown ? variables.containerUser.value()
      : variables.podUser.orValue(1) == 0 ? {{ .user | int64 }}
      : {{ get $security "runAsUser" | default 0 | int64 }}
- name: runAsGroup
  expression: >-
    variables.containerUserKnown && has(variables.container.securityContext.runAsGroup)
      ? variables.container.securityContext.runAsGroup
      : {{ get $security "runAsGroup" | default 0 | int64 }}
- name: needsGroup
  expression: >-
    {{ not (kindIs "invalid" .fsGroup) }} && !variables.userKnown
      && !has(object.spec.securityContext.fsGroup)
      && !object.spec.?volumes.orValue([]).exists(v, has(v.persistentVolumeClaim) || has(v.ephemeral) || has(v.csi))
{{- range $kind := list "requests" "limits" }}
{{- range $name := list "cpu" "memory" }}
- name: {{ $name }}{{ $kind | title }}
  expression: >-
    variables.annotations[?'routerate.io/{{ $name }}-{{ trimSuffix "s" $kind }}'].orValue(
      {{- dig $kind $name "" $.container.resources | toString | squote }})
{{- end }}
{{- end }}
- name: legal
  expression: >-
    variables.index >= 0
      && variables.format in ['nginx', 'tomcat', 'combined', 'auto']
      && variables.logs.matches('^/[^/*?[]+/.')
      && variables.reclaim in ['none', 'punch']
      && variables.service.matches(r'^[^/\s]+$')
      && variables.userAsked.orValue('1').matches('^[1-9][0-9]{0,9}$')
      && [variables.cpuRequests, variables.memoryRequests, variables.cpuLimits, variables.memoryLimits].all(q,
           q == '' || isQuantity(q))
{{- if not .container.restartPolicy }}
      && variables.ownerKind != 'Job'
{{- end }}
{{- end -}}
