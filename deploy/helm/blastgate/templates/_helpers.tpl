{{- define "blastgate.fullname" -}}
{{- default "blastgate" .Values.fullnameOverride -}}
{{- end -}}

{{- define "blastgate.selector" -}}
app.kubernetes.io/name: {{ include "blastgate.fullname" . }}
app.kubernetes.io/component: gate
{{- end -}}

{{- define "blastgate.labels" -}}
app.kubernetes.io/name: {{ include "blastgate.fullname" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "blastgate.image" -}}
{{- with .Values.image -}}
{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ default $.Chart.AppVersion .tag }}{{ end }}
{{- end -}}
{{- end -}}

{{- define "blastgate.claim" -}}
{{- default (printf "%s-data" (include "blastgate.fullname" .)) .Values.store.sqlite.existingClaim -}}
{{- end -}}

{{- define "blastgate.peopleMap" -}}
{{- default (printf "%s-people" (include "blastgate.fullname" .)) .Values.people.existingConfigMap -}}
{{- end -}}

{{- define "blastgate.policyMap" -}}
{{- if .Values.policy.content -}}{{ include "blastgate.fullname" . }}-policy{{- else -}}{{ .Values.policy.existingConfigMap }}{{- end -}}
{{- end -}}

{{- define "blastgate.clustersMap" -}}
{{- if .Values.clusters.content -}}{{ include "blastgate.fullname" . }}-clusters{{- else -}}{{ .Values.clusters.existingConfigMap }}{{- end -}}
{{- end -}}

{{- define "blastgate.proxyTlsSecret" -}}
{{- if eq .Values.proxy.tls.mode "secret" -}}{{ .Values.proxy.tls.existingSecret }}{{- else -}}{{ include "blastgate.fullname" . }}-proxy-tls{{- end -}}
{{- end -}}

{{- /* What the level `restricted` asks for, and a root folder that nobody writes. */ -}}
{{- define "blastgate.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "blastgate.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{- /* The settings, the same for the gate and for the pod of `helm test` that runs doctor with them. */ -}}
{{- define "blastgate.env" -}}
{{- $name := include "blastgate.fullname" . -}}
{{- $service := printf "%s.%s" $name .Release.Namespace -}}
- { name: BLASTGATE_LISTEN, value: "0.0.0.0:8448" }
- { name: BLASTGATE_HOSTS, value: {{ printf "%s,%s,%s.svc%s" $name $service $service (ternary (printf ",%s" .Values.ingress.host) "" .Values.ingress.enabled) | quote }} }
- { name: BLASTGATE_DATA, value: /data }
- { name: BLASTGATE_PEOPLE, value: /etc/blastgate/people/people.yaml }
{{- if include "blastgate.policyMap" . }}
- { name: BLASTGATE_POLICY, value: /etc/blastgate/policy/policy.yaml }
{{- end }}
{{- if include "blastgate.clustersMap" . }}
- { name: BLASTGATE_CLUSTERS, value: /etc/blastgate/clusters/clusters.yaml }
{{- with .Values.clusters.guarded }}
- { name: BLASTGATE_GUARDED_CLUSTER, value: {{ . | quote }} }
{{- end }}
{{- end }}
{{- if eq .Values.store.mode "postgres" }}
- { name: BLASTGATE_STORE_FILE, value: {{ printf "/run/blastgate-store/%s" .Values.store.postgres.key | quote }} }
{{- end }}
{{- if .Values.admission.enabled }}
- { name: BLASTGATE_ADMISSION_LISTEN, value: "0.0.0.0:8450" }
- { name: BLASTGATE_ADMISSION_URL, value: {{ default (printf "https://%s.svc:8450/admission" $service) .Values.admission.url | quote }} }
{{- end }}
{{- if .Values.proxy.enabled }}
- { name: BLASTGATE_PROXY_LISTEN, value: "0.0.0.0:8449" }
- { name: BLASTGATE_PROXY_URL, value: {{ default (printf "https://%s.svc:8449" $service) .Values.proxy.url | quote }} }
- { name: BLASTGATE_PROXY_WAIT, value: {{ .Values.proxy.waitSeconds | quote }} }
- { name: BLASTGATE_PROXY_KUBECONFIG, value: /etc/blastgate/proxy/kubeconfig }
{{- if ne .Values.proxy.tls.mode "own" }}
- { name: BLASTGATE_TLS_CERT, value: /run/blastgate-tls/tls.crt }
- { name: BLASTGATE_TLS_KEY, value: /run/blastgate-tls/tls.key }
{{- end }}
{{- end }}
{{- range $setting, $value := .Values.settings }}
- { name: {{ $setting }}, value: {{ $value | quote }} }
{{- end }}
{{- range $setting, $key := .Values.secrets.files }}
- { name: {{ $setting }}_FILE, value: {{ printf "/run/blastgate/%s" $key | quote }} }
{{- end }}
{{- end -}}

{{- define "blastgate.mounts" -}}
- { name: data, mountPath: /data }
- { name: people, mountPath: /etc/blastgate/people, readOnly: true }
- { name: tmp, mountPath: /tmp }
{{- if include "blastgate.policyMap" . }}
- { name: policy, mountPath: /etc/blastgate/policy, readOnly: true }
{{- end }}
{{- if include "blastgate.clustersMap" . }}
- { name: clusters, mountPath: /etc/blastgate/clusters, readOnly: true }
{{- end }}
{{- if .Values.secrets.existingSecret }}
- { name: secrets, mountPath: /run/blastgate, readOnly: true }
{{- end }}
{{- if eq .Values.store.mode "postgres" }}
- { name: store, mountPath: /run/blastgate-store, readOnly: true }
{{- end }}
{{- if .Values.proxy.enabled }}
- { name: proxy, mountPath: /etc/blastgate/proxy, readOnly: true }
- { name: proxy-token, mountPath: /run/blastgate-proxy, readOnly: true }
{{- if ne .Values.proxy.tls.mode "own" }}
- { name: proxy-tls, mountPath: /run/blastgate-tls, readOnly: true }
{{- end }}
{{- end }}
{{- end -}}

{{- /* All volumes but `data`. 288 is 0440: readable by the user and group of the process alone. */ -}}
{{- define "blastgate.volumes" -}}
- { name: people, configMap: { name: {{ include "blastgate.peopleMap" . }} } }
- { name: tmp, emptyDir: { sizeLimit: 64Mi } }
{{- if include "blastgate.policyMap" . }}
- { name: policy, configMap: { name: {{ include "blastgate.policyMap" . }} } }
{{- end }}
{{- if include "blastgate.clustersMap" . }}
- { name: clusters, configMap: { name: {{ include "blastgate.clustersMap" . }} } }
{{- end }}
{{- if .Values.secrets.existingSecret }}
- { name: secrets, secret: { secretName: {{ .Values.secrets.existingSecret }}, defaultMode: 288 } }
{{- end }}
{{- if eq .Values.store.mode "postgres" }}
- { name: store, secret: { secretName: {{ .Values.store.postgres.existingSecret }}, defaultMode: 288 } }
{{- end }}
{{- if .Values.proxy.enabled }}
- { name: proxy, configMap: { name: {{ include "blastgate.fullname" . }}-proxy } }
- { name: proxy-token, secret: { secretName: {{ include "blastgate.fullname" . }}-proxy-token, defaultMode: 288 } }
{{- if ne .Values.proxy.tls.mode "own" }}
- { name: proxy-tls, secret: { secretName: {{ include "blastgate.proxyTlsSecret" . }}, defaultMode: 288 } }
{{- end }}
{{- end }}
{{- end -}}
