// What of a command nobody may read, and what everybody must.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { maskCommand } from './mask.ts';

const MASKED: readonly (readonly [given: string, shown: string])[] = [
  [
    'kubectl create secret generic db --from-literal=password=hunter2',
    'kubectl create secret generic db --from-literal=password=***',
  ],
  [
    'kubectl create secret generic db --from-literal user=hunter2',
    'kubectl create secret generic db --from-literal user=***',
  ],
  [
    "kubectl create secret generic db '--from-literal=p w=hunter2 x'",
    "kubectl create secret generic db '--from-literal=p w=***'",
  ],
  [
    'kubectl set env deployment/web DB_PASSWORD=hunter2 MODE=fast',
    'kubectl set env deployment/web DB_PASSWORD=*** MODE=fast',
  ],
  ['kubectl set env deployment/web "API_KEY=hunter2"', 'kubectl set env deployment/web API_KEY=***'],
  ['kubectl set env deployment/web -e GITHUB_TOKEN=hunter2', 'kubectl set env deployment/web -e GITHUB_TOKEN=***'],
  ['kubectl run x --image=a --env=AUTH=hunter2', 'kubectl run x --image=a --env=AUTH=***'],
  [
    'kubectl create secret docker-registry r --docker-password=hunter2',
    'kubectl create secret docker-registry r --docker-password=***',
  ],
  [
    'kubectl create secret docker-registry r --docker-password hunter2',
    'kubectl create secret docker-registry r --docker-password ***',
  ],
  ['kubectl get pods --token hunter2', 'kubectl get pods --token ***'],
  [`kubectl patch secret db -p '{"data":{"a":"aHVudGVyMg=="}}'`, `kubectl patch secret db -p '{"data":{"a":"***"}}'`],
  [
    `kubectl patch secret/db --patch='{"stringData":{"a":"hunter2"}}'`,
    `kubectl patch secret/db '--patch={"stringData":{"a":"***"}}'`,
  ],
  [
    `kubectl patch secret db --type=json -p '[{"op":"replace","path":"/data/a","value":"hunter2"}]'`,
    `kubectl patch secret db --type=json -p '[{"op":"replace","path":"/data/a","value":"***"}]'`,
  ],
  [
    `kubectl patch deploy web -p '{"spec":{"template":{"spec":{"containers":[{"name":"a","env":[{"name":"DB_PASSWORD","value":"hunter2"}]}]}}}}'`,
    `kubectl patch deploy web -p '{"spec":{"template":{"spec":{"containers":[{"name":"a","env":[{"name":"DB_PASSWORD","value":"***"}]}]}}}}'`,
  ],
  [`kubectl patch secret db -p'{"data":{"a":"hunter2"}}'`, `kubectl patch secret db '-p{"data":{"a":"***"}}'`],
  ['kubectl set env deploy/web -eDB_PASSWORD=hunter2', 'kubectl set env deploy/web -eDB_PASSWORD=***'],
  ['kubectl exec db-0 -- mysql -uroot -phunter2 shop', 'kubectl exec db-0 -- mysql -uroot -p*** shop'],
  ['kubectl exec db-0 -- mysql -u root -p hunter2', 'kubectl exec db-0 -- mysql -u root -p ***'],
  [
    `kubectl exec x -- sh -c 'export DB_PASSWORD=hunter2; run'`,
    `kubectl exec x -- sh -c 'export DB_PASSWORD=***; run'`,
  ],
  [
    `curl -d '{"user":"a","password":"hunter2"}' | kubectl apply -f -`,
    `curl -d '{"user":"a","password":"***"}' | kubectl apply -f -`,
  ],
  [`kubectl patch secret db -p 'data: {a: hunter2}'`, `kubectl patch secret db -p ***`],
  [
    'kubectl set env deploy/web URL=postgres://app:hunter2@db/shop',
    'kubectl set env deploy/web URL=postgres://app:***@db/shop',
  ],
  [
    `kubectl exec x -- curl -H 'Authorization: Bearer hunter2hunter2'`,
    `kubectl exec x -- curl -H 'Authorization: Bearer ***'`,
  ],
  [
    'kubectl apply -f - <<EOF\nkind: Secret\nmetadata:\n  name: db\nstringData:\n  a: hunter2\n  b: |\n    hunter2\ntype: Opaque\nEOF',
    'kubectl apply -f - <<EOF\nkind: Secret\nmetadata:\n  name: db\nstringData:\n  a: ***\n  b: ***\n    ***\ntype: Opaque\nEOF',
  ],
  [
    `kubectl create secret generic db --from-literal='a=hunter2`,
    'kubectl create secret generic db --from-literal=a=***',
  ],
];

const SHOWN: readonly string[] = [
  'kubectl scale deployment web --replicas=3 -n shop',
  'kubectl set image deployment/web web=registry.example/web:2@sha256:0123456789abcdef',
  'kubectl delete pod web-1 -n shop --grace-period=0 --force',
  'kubectl rollout restart deployment -l app=web -n shop',
  `kubectl patch deploy web -p '{"spec":{"replicas":0}}'`,
  'kubectl logs web-1 -p --tail=20',
  `kubectl patch deploy web -p'{"spec":{"template":{"spec":{"serviceAccountName":"app"}}}}'`,
  "kubectl annotate deployment web 'note=a b'",
  'kubectl get pods | grep web && echo "done"',
  '',
  "kubectl get '",
];

describe('a masked command', () => {
  for (const [given, shown] of MASKED) test(given.slice(0, 100), () => assert.equal(maskCommand(given), shown));
  for (const given of SHOWN) test(`shows as it stands: ${given}`, () => assert.equal(maskCommand(given), given));

  test('never shows the literal of a secret, whatever it is', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z0-9!$%&()*+;<>?@^{|}~ ]{6,20}$/), (secret) => {
        const needle = secret.trim();
        if (needle.length < 6 || 'kubectl create secret generic db --from-literal=password='.includes(needle)) return;
        const shown = maskCommand(`kubectl create secret generic db --from-literal='password=${secret}'`);
        assert.ok(!shown.includes(needle), shown);
      }),
    );
  });

  test('any text has an answer', () => {
    fc.assert(fc.property(fc.string({ maxLength: 400 }), (text) => assert.equal(typeof maskCommand(text), 'string')));
  });

  test('64 KiB of the worst is read in one go', () => {
    for (const unit of [
      "'",
      '"\\',
      'a=',
      '{"',
      'eyJaaaaaaaa-',
      'a.b:',
      'x://',
      '-p',
      'token',
      '-----BEGIN PRIVATE KEY-----',
    ]) {
      assert.equal(typeof maskCommand(unit.repeat(65536 / unit.length)), 'string');
    }
  });

  test('a body that is nested deeper than any object is hidden whole', () => {
    const nested = (levels: number): string => `${'{"a":'.repeat(levels)}"x"${'}'.repeat(levels)}`;
    assert.match(maskCommand(`kubectl patch deploy x -p '${nested(128)}'`), /"a":"x"/);
    for (const body of [nested(129), nested(2_000), nested(10_000), `${'['.repeat(30_000)}${']'.repeat(30_000)}`]) {
      for (const [command, shown] of [
        [`kubectl patch deploy x -p '${body}'`, 'kubectl patch deploy x -p ***'],
        [`kubectl patch deploy x -p'${body}'`, 'kubectl patch deploy x -p***'],
        [`kubectl patch secret x --patch='${body}'`, 'kubectl patch secret x --patch=***'],
        [`kubectl run x --overrides '${body}'`, 'kubectl run x --overrides ***'],
        [`kubectl get pods '${body}'`, 'kubectl get pods ***'],
      ] as const)
        assert.equal(maskCommand(command), shown, command.slice(0, 60));
    }
  });
});
