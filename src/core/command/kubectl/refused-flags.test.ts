// Flags and commands that the gate never runs, whatever they are applied to.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseKubectl } from './parse.ts';

const LINES: readonly (readonly [string, string])[] = [
  ['delete pod x', ''],
  ['get pods --server=http://evil', 'identity-flag'],
  ['get pods -shttp://evil', 'identity-flag'],
  ['get pods --insecure_skip_tls_verify', 'identity-flag'],
  ['get pods --insecure-skip-tls-verify=false', ''],
  ['get pods --kubeconfig=x', 'identity-flag'],
  ['get pods --context=x', 'identity-flag'],
  ['get pods --cluster=x', 'identity-flag'],
  ['get pods --token=x', 'identity-flag'],
  ['get pods --as=x --as-group=y', 'identity-flag identity-flag'],
  ['get pods --as-uid=x --as-user-extra=a=b', 'identity-flag identity-flag'],
  ['get pods --certificate-authority=x --tls-server-name=y', 'identity-flag identity-flag'],
  ['get pods --client-key=x --client-certificate=y', 'identity-flag identity-flag'],
  ['get pods --kuberc=x', 'identity-flag'],
  ['get pods --cache-dir=x', 'identity-flag'],
  ['get pods --profile-output=x', 'identity-flag'],
  ['get pods --profile=cpu', 'host-file'],
  ['debug p --image=i --profile=general', ''],
  ['get pods --username=x --password=y', 'identity-flag identity-flag'],
  ['create clusterrolebinding x --clusterrole=view --user=u', ''],
  ['set subject rolebinding/x --user=u', ''],
  ['config set-cluster x --server=y', 'local-config'],
  ['config set-context x --user=y --namespace=z', 'local-config'],
  ['config use-context x', 'local-config'],
  ['kustomize . --enable-helm', 'identity-flag'],
  ['kustomize . --helm-command=x', 'identity-flag'],
  ['kustomize . -o out', 'host-file'],
  ['delete --raw /api/v1/namespaces/x', 'raw-request'],
  ['get --raw /healthz', 'raw-request'],
  ['exec -it p -- sh', 'interactive interactive'],
  ['exec p -- sh', ''],
  ['run x --image=i --attach', 'interactive'],
  ['attach p', 'interactive'],
  ['edit deploy x', 'interactive'],
  ['delete pod x -i', 'interactive'],
  ['port-forward p 80', 'interactive'],
  ['proxy', 'interactive'],
  ['cp a p:/b', 'host-file'],
  ['create cm x --from-file=a', 'host-file'],
  ['create secret generic x --from-env-file=a', 'host-file'],
  ['create secret tls x --key=a --cert=b', 'host-file host-file'],
  ['get pods -o jsonpath-file=x', 'host-file'],
  ['get pods -o go-template-file=x', 'host-file'],
  ['get pods -o custom-columns-file=x', 'host-file'],
  ['get pods -o jsonpath={.items}', ''],
  ['cluster-info dump --output-directory=x', 'host-file'],
  ['edit deploy x --help', ''],
];

describe('flags that are never run', () => {
  for (const [line, expected] of LINES)
    test(`kubectl ${line}`, () => {
      const codes = parseKubectl(line.split(' ')).refusals.map(({ code }) => code);
      assert.deepEqual(codes.join(' '), expected);
    });
});
