{{/* Parts of NOTES.txt. */}}

{{- define "routerate.notes.injection" -}}
{{- $policy := .Values.injection.policy.enabled | toString -}}
{{- if and (ne $policy "false") (include "routerate.policy.version" .) }}
Give pods the sidecar, by their template's label; what else they may say is in docs/injection.md:

  kubectl -n shop patch deployment shop -p \
    '{"spec":{"template":{"metadata":{"labels":{"routerate.io/inject":"true"}}}}}'
{{- else }}
{{ if eq $policy "false" -}}
Pods get no sidecar as they are created: injection.policy.enabled is false. Add it to manifests:
{{- else -}}
Pods get no sidecar as they are created: this cluster has no MutatingAdmissionPolicy, which
Kubernetes has from 1.36 on, and behind a feature gate from 1.32 on. Add it to manifests instead:
{{- end }}
{{ if .Values.injection.configMap }}
  kubectl -n {{ .Release.Namespace }} get configmap {{ include "routerate.fullname" . }}-sidecar -o jsonpath='{.data.sidecar\.yaml}' >sidecar.yaml
  routerate-agent inject --sidecar sidecar.yaml -f shop.yaml | kubectl apply -f -
{{- else }}
  routerate-agent inject -f shop.yaml | kubectl apply -f -
{{- end }}
{{- end }}
{{- end -}}

{{/* Through a port-forward, which is no name of the certificate. */}}
{{- define "routerate.notes.stats" -}}
{{- $token := .Values.aggregator.http.token.secret -}}
{{- if $token.name -}}
TOKEN=$(kubectl -n {{ .Release.Namespace }} get secret {{ $token.name }} -o go-template='{{ printf "{{index .data %q | base64decode}}" (include "routerate.http.clientKey" .) }}')
  {{ end -}}
curl -s {{ if eq (include "routerate.http.scheme" .) "https" }}-k https://{{ end }}localhost:9465/stats{{ if $token.name }} -u ":$TOKEN"{{ end }}
{{- end -}}

{{- define "routerate.notes.hpaHead" }}
kubectl apply -f - <<END
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: shop, namespace: shop}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}
  minReplicas: 2
  maxReplicas: 20
  metrics:
{{- end -}}

{{- define "routerate.notes.objectHpa" -}}
{{- include "routerate.notes.hpaHead" . }}
    - type: Object
      object:
        describedObject: {apiVersion: v1, kind: Service, name: shop}
        metric:
          name: http_requests_per_second
          selector: {matchLabels: {route_id: get-orders-id}}
        target: {type: AverageValue, averageValue: "50"}
END
kubectl -n shop describe hpa shop
{{- end -}}

{{- define "routerate.notes.externalHpa" -}}
{{- include "routerate.notes.hpaHead" . }}
    - type: External
      external:
        metric:
          name: http_requests_per_second
          selector: {matchLabels: {service: shop, route_id: get-orders-id}}
        target: {type: AverageValue, averageValue: "50"}
END
kubectl -n shop describe hpa shop
{{- end -}}

{{- define "routerate.notes.keda" }}
kubectl apply -f - <<END
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: shop, namespace: shop}
spec:
  scaleTargetRef: {name: shop}
  minReplicaCount: 2
  maxReplicaCount: 20
  triggers:
    - type: metrics-api
      metricType: AverageValue
      metadata:
        url: {{ include "routerate.http.url" . }}/v1/routes/get-orders-id?namespace=shop&service=shop
        valueLocation: http_requests_per_second
        targetValue: "50"
        {{- if .Values.aggregator.http.token.secret.name }}
        authMode: bearer    # the token: a TriggerAuthentication with parameter `token`
      authenticationRef: {name: routerate}
        {{- end }}
END
kubectl -n shop describe hpa keda-hpa-shop

That takes KEDA. Without it: metricsApi.enabled=true, where no other server has
custom.metrics.k8s.io, or prometheusAdapter.rules=true, where prometheus-adapter is (docs/hpa.md).
{{- end -}}
