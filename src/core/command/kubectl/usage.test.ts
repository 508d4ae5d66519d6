// What kubectl refuses as usage, a line a rule; a line without a message is one that kubectl accepts.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { DRAWN } from '../../../../test/generators/kubectl-argv.ts';
import { UNKNOWN } from '../shell/unknown.ts';
import { parseKubectl } from './parse.ts';

const LINES: readonly (readonly [string, RegExp | null])[] = [
  ['delete pods', /no name was specified/],
  ['delete', /one or more resources/],
  ['delete pod x', null],
  ['delete pods --all', null],
  ['delete pods -l a=b', null],
  ['delete pods --selector=', /no name was specified/],
  ['delete pods --field-selector=a=b', null],
  ['delete pod x --all', /name cannot be provided when a selector/],
  ['delete pod/x --all', /selectors and the all flag/],
  ['delete pods --all -l a=b', /--all and --selector/],
  ['delete pod x -A', /across all namespaces/],
  ['delete ns x -A', null],
  ['delete pod svc/x', /no need to specify a resource type/],
  ['delete pod/x/y', /more than one slash/],
  ['delete pod/', /single resource and name/],
  ['delete po,svc/x', /single resource and name/],
  ['delete -f a.yaml pod x', /may not specify resource arguments/],
  ['delete -f a.yaml -k b', /only one of -f or -k/],
  ['delete -k a -R', /can't be used with/],
  ['delete pod x --now --grace-period=3', /--now and --grace-period/],
  ['delete pod x --force --grace-period=3', /greater than 0/],
  ['delete pod x -o yaml', /-o output mode/],
  ['delete all x', /only one resource/],
  ['delete --raw /api/v1/namespaces/x', null],
  ['delete --raw x', /valid URL path/],
  ['get', /one or more resources/],
  ['get pods', null],
  ['get pods,svc -w', /single resource type/],
  ['get --raw /healthz pods', /arguments may not be passed/],
  ['get pods x -A', /across all namespaces/],
  ['get pods -l a=b x', /selector is specified/],
  ['describe pods', null],
  ['scale deploy x --replicas=-1', /greater than or equal to 0/],
  ['scale deploy --replicas=1', /no name was specified/],
  ['scale deploy --all --replicas=1', null],
  ['rollout restart', /required resource/],
  ['rollout restart ds,sts', null],
  ['rollout restart all', null],
  ['rollout undo deploy --dry-run=maybe', /must be one of none/],
  ['rollout foo', /unknown command "foo" for "kubectl rollout"/],
  ['create foo', /unknown command "foo" for "kubectl create"/],
  ['create', /must specify one of -f and -k/],
  ['create ns', /exactly one NAME is required, got 0/],
  ['create ns a b', /exactly one NAME is required, got 2/],
  ['create job x --image=i -- sh', null],
  ['create job x', /either --image or --from/],
  ['create deployment x', /required flag.*image/],
  ['create rolebinding x --role=a --clusterrole=b', /exactly one of/],
  ['create rolebinding x --role=a --serviceaccount=x', /<namespace>:<name>/],
  ['create token x', null],
  ['apply', /must specify one of -f and -k/],
  ['apply -f a --dry-run client', /Unexpected args/],
  ['apply -f a --prune', /without explicitly passing --all/],
  ['apply -f a --server-side --force', /cannot be used with --server-side/],
  ['apply -f a --force-conflicts', /only works with --server-side/],
  ['replace -f a --grace-period=0', /must have --force/],
  ['replace -f a --force --dry-run=client', /can not be used when --force/],
  ['replace pod x -f a', null],
  ['patch pod x', /must specify --patch/],
  ['patch pod x -p {} --type=foo', /--type must be one of/],
  ['patch pod x -p {}', null],
  ['label pod x', /at least one label update/],
  ['label pod x a=b', null],
  ['label pod x a=b c', /must be specified before label changes: c/],
  ['label pod x a=b=c', /invalid label spec/],
  ['label pods --all a=b', null],
  ['label pods a=b', /no name was specified/],
  ['label pod x --list', null],
  ['annotate pod x a-', null],
  ['taint node n k=v:NoSchedule', null],
  ['taint node n k=v', /invalid taint spec/],
  ['taint node k:NoExecute', /at least one resource name/],
  ['taint node --all k-', null],
  ['set image deploy/x', /at least one image update/],
  ['set image deploy/x a=b', null],
  ['set image deploy/x *=a b=c', /already specified by/],
  ['set env deploy/x A=b', null],
  ['set env A=b', /one or more resources/],
  ['set resources deploy/x', /must specify an update/],
  ['set serviceaccount deploy/x sa1', null],
  ['set subject rolebinding/x', /at least one value of user/],
  ['exec p ls', /not supported anymore/],
  ['exec p -- ls', null],
  ['exec p', /at least one command/],
  ['exec -- ls', /must be specified/],
  ['run x --image=i sleep 1', null],
  ['run --image=i', /NAME is required/],
  ['run x --image=i -t', /-i\/--stdin is required/],
  ['run x --image=i -i --dry-run=client', /can't be used with attached/],
  ['run x --image=i --rm', /--rm should only be used/],
  ['logs', /expected 'logs/],
  ['logs a b c', /expected 'logs/],
  ['logs a -l x=y', /only a selector/],
  ['drain', /node name or --selector/],
  ['drain n -l a=b', /both a node name/],
  ['cordon n', null],
  ['cp a b', /remote file specification/],
  ['cp a p:/b', null],
  ['expose svc x --selector=a=b --port=1', null],
  ['autoscale deploy x --max=1 --min=2', /larger or equal/],
  ['autoscale deploy x', /required flag.*max/],
  ['auth can-i get', /two arguments/],
  ['auth can-i get pods', null],
  ['port-forward p', /list of ports/],
  ['debug p', /must specify --image/],
  ['version foo', /extra arguments/],
  ['config view x', /Unexpected args/],
  ['wait pods --all --for=delete', null],
  ['wait pods --for=delete', /no name was specified/],
];

describe('usage', () => {
  for (const [line, expected] of LINES)
    test(`kubectl ${line}`, () => {
      const said = parseKubectl(line.split(' '))
        .refusals.filter(({ code }) => /^(?:usage-error|bad-flag-value|unknown-command)$/.test(code))
        .map(({ about }) => about ?? '');
      if (expected === null) assert.deepEqual(said, []);
      else assert.match(said.join('\n'), expected);
    });
});

const WORDS = fc.constantFrom(
  ...'pod pods deploy deploy/web po,svc po,,svc all web - / x/ pod/x/y n1 a=b a- *=x a:NoSchedule prod:/x 80'.split(
    ' ',
  ),
  '',
  UNKNOWN,
  '--',
);
const bare = fc
  .tuple(fc.constantFrom(...DRAWN), fc.constantFrom([], ['-n', 'shop']), fc.array(WORDS, { maxLength: 4 }))
  .map(([{ path }, flags, words]) => [...path, ...flags, ...words]);

test('rules that are about flags say nothing of a command without any', () => {
  // --v is a flag that no rule asks for: with it every rule is asked
  fc.assert(
    fc.property(bare, (argv) =>
      assert.deepEqual(parseKubectl(argv).refusals, parseKubectl(['--v=0', ...argv]).refusals),
    ),
    { numRuns: 5_000 },
  );
});
