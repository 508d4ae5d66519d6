// Lines and argvs as a whole: what is judged in them, and why they are not executable. It must never score.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are lines of shell, not templates
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Surroundings } from '../model/command.ts';
import { type Understanding, withFoundSecrets } from '../model/understanding.ts';
import { quoteArgv } from './shell/quote.ts';
import { understand } from './understand.ts';

const surroundings: Surroundings = {
  namespace: 'default',
  files: new Map(),
  customResources: [],
  readDocuments: () => null,
};

const line = (text: string): Understanding => understand({ kind: 'line', line: text }, surroundings);
const argv = (words: readonly string[]): Understanding => understand({ kind: 'argv', argv: words }, surroundings);

/** With its secrets looked for, so that two can be compared. */
const asked = withFoundSecrets;

/** "delete namespaces x" for each write; "!" for what is destroyed; the highest floor of what is opaque. */
const judged = ({ parts }: Understanding): readonly string[] => {
  const found = new Set<string>();
  for (const part of parts) {
    for (const effect of part.effects)
      if (effect.kind !== 'read') found.add(`${effect.verb} ${effect.resource} ${effect.name}`);
    for (const what of part.destructions) found.add(`! ${what}`);
  }
  const floors = parts.map((part) => part.opaque?.floor);
  if (floors.includes('dual')) found.add('dual');
  else if (floors.includes('human')) found.add('human');
  return [...found];
};

const refusals = ({ refusals: all }: Understanding): readonly string[] => [...new Set(all.map(({ code }) => code))];

const NS = 'delete namespaces x';
const DELETE = 'kubectl delete ns x';
const RM = '! recursive-delete';
const DROP = '! sql-drop';

/** A line, what is judged in it, and the refusals of it that must be there. */
const LINES: readonly (readonly [string, readonly string[], string?])[] = [
  [DELETE, [NS]],
  ['kubectl get pods', []],
  ['kubectl get pods | grep x', [], 'shell-syntax'],
  [`kubectl get pods && ${DELETE}`, [NS], 'shell-syntax'],
  [`kubectl get pods\n${DELETE}`, [NS], 'shell-syntax'],
  [`sudo -u root ${DELETE}`, [NS], 'wrapper'],
  [`sudo env A=b timeout -k 1 5s nohup nice -n 3 ${DELETE}`, [NS], 'wrapper'],
  [`sh -c '${DELETE}'`, [NS], 'wrapper'],
  [`bash -lc "sudo ${DELETE}"`, [NS], 'wrapper'],
  [`bash -o pipefail -ec '${DELETE}'`, [NS], 'wrapper'],
  [`watch -n 2 ${DELETE}`, [NS], 'wrapper'],
  [`watch '${DELETE}'`, [NS], 'wrapper'],
  [`eval "${DELETE}"`, [NS], 'wrapper'],
  [`env -S '${DELETE}'`, [NS], 'wrapper'],
  [`command ${DELETE}`, [NS], 'wrapper'],
  [`unheard-of --flag ${DELETE}`, [NS, 'dual'], 'not-kubectl'],
  [`ssh -p 22 host ${DELETE}`, [NS, 'dual'], 'not-kubectl'],
  [`ssh host '${DELETE}'`, [NS, 'dual'], 'not-kubectl'],
  [`su - admin -c '${DELETE}'`, [NS, 'dual'], 'not-kubectl'],
  [`trap '${DELETE}' EXIT`, [NS, 'dual'], 'not-kubectl'],
  [`f() { ${DELETE}; }; f`, [NS], 'shell-syntax'],
  [`if true; then ${DELETE}; fi`, [NS]],
  [`echo "$(${DELETE})"`, [NS]],
  [`cat <<EOF\n$(${DELETE})\nEOF`, [NS]],
  [`bash <<'EOF'\n${DELETE}\nEOF`, [NS]],
  [`echo '${DELETE}' | sh`, [NS, 'dual']],
  [`echo '${DELETE}' | sudo bash -s`, [NS, 'dual']],
  [`/usr/local/bin/${DELETE}`, [NS], 'kubectl-path'],
  ['k delete ns x', [NS], 'kubectl-path'],
  ['oc delete ns x', [NS], 'kubectl-path'],
  ['kubectl.exe delete ns x', [NS], 'kubectl-path'],
  ['kubectl-1.28 delete ns x', [NS], 'kubectl-path'],
  ['kubectl.1.28 delete ns x', [NS], 'kubectl-path'],
  ['microk8s kubectl delete ns x', [NS], 'wrapper'],
  ['k3s kubectl delete ns x', [NS], 'wrapper'],
  ['minikube kubectl -- delete ns x', [NS], 'wrapper'],
  ['./evil-kubectl delete ns x', ['dual'], 'not-kubectl'],
  [`ku"bec"tl del''ete n\\s x`, [NS]],
  [`KUBECONFIG=/x ${DELETE}`, [NS], 'assignment'],
  ['kubectl delete ns {x,x}', [NS], 'shell-syntax'],
  ['kubectl delete ns $N', ['delete namespaces *'], 'unknown-word'],
  ['kubectl $O delete ns x', [NS, 'human'], 'unknown-word'],
  ['$KUBECTL delete ns x', [NS, 'dual'], 'unknown-word'],
  [`kubectl exec p -- ${DELETE}`, [NS, 'connect pods p']],
  ['kubectl frobnicate', ['human'], 'unknown-command'],
  ['kubectl rollout frobnicate x', ['human'], 'unknown-command'],
  ['kubectl get pods > f', ['human'], 'shell-syntax'],
  ['kubectl get pods | awk \'{system("x")}\'', ['human']],
  ['kubectl get pods | sed w\\ f', ['human']],
  ['kubectl get pods | sh', ['dual']],
  ['helm upgrade x y', ['dual'], 'not-kubectl'],
  ['source x', ['dual'], 'not-kubectl'],
  ["kubectl get pods 'x", ['human'], 'unreadable-line'],
  [`${DELETE} 'y`, [NS, 'delete namespaces y', 'human'], 'unreadable-line'],
  ['', ['human'], 'empty-command'],
  ['# only a comment', ['human'], 'empty-command'],
  // rm and SQL
  ['rm -rf x', [RM, 'dual'], 'not-kubectl'],
  ['\\rm -fr x', [RM, 'dual']],
  ['/bin/rm -r -f x', [RM, 'dual']],
  ['busybox rm -rf x', [RM, 'dual']],
  ['sudo rm -rf x', [RM, 'dual']],
  ['find . -exec rm -rf {} +', [RM, 'dual']],
  ['xargs rm -rf', [RM, 'dual']],
  ['rm x', ['dual']],
  ['rm -r /*', [RM, 'dual']],
  ["sh -c 'rm -rf x'", [RM, 'dual']],
  ['kubectl exec p -- rm -rf x', [RM, 'connect pods p']],
  ["kubectl exec p -- sh -c 'rm -rf x'", [RM, 'connect pods p']],
  ["psql -c 'DROP TABLE x'", [DROP, 'dual']],
  ['psql <<EOF\ndrop table x;\nEOF', [DROP, 'dual']],
  ['echo "drop table x" | mysql', [DROP, 'dual']],
  ['cat <<EOF | psql\ndrop table x;\nEOF', [DROP, 'dual']],
  ["docker exec db psql -c 'drop database x'", [DROP, 'dual']],
  ["kubectl exec p -- psql -c 'DROP TABLE x'", [DROP, 'connect pods p']],
  ["kubectl exec -i p -- psql <<< 'DROP TABLE x'", [DROP, 'connect pods p']],
  ["echo 'rm -rf x' | kubectl exec -i p -- sh", [RM, 'connect pods p']],
  ['source <(echo "rm -rf x")', [RM, 'dual']],
  ['bash <(echo "rm -rf x")', [RM, 'dual']],
  [`bash -c "$(echo '${DELETE}')"`, [NS, 'dual']],
  [`eval "$(echo '${DELETE}')"`, [NS, 'dual']],
  ["kubectl exec -i p -- sh -c psql <<< 'DROP TABLE x'", [DROP, 'connect pods p']],
  [`ssh host bash -s <<'EOF'\n${DELETE}\nEOF`, [NS, 'dual']],
  [`alias x='${DELETE}'; x`, [NS, 'dual']],
  [`kubectl() { command ${DELETE}; }; kubectl get pods`, [NS]],
  ['for c in kubectl; do $c delete ns x; done', [NS, 'dual']],
  ["xargs -I{} sh -c 'kubectl delete ns {}'", ['delete namespaces *']],
  ['export KUBECONFIG=/x; kubectl get pods', []],
  // data is not code
  [`echo ${DELETE}`, []],
  [`grep 'rm -rf /' -r "${DELETE}"`, []],
  ["git commit -m 'DROP TABLE x; rm -rf /'", ['dual']],
  [`git commit -m ${DELETE}`, ['dual']],
  [`cat <<'EOF'\n$(${DELETE})\nEOF`, []],
  [`kubectl get pods # ; ${DELETE}`, []],
  [`printf '%s' '${DELETE}' | grep x`, []],
];

describe('what is judged in a line', () => {
  for (const [text, expected, refusal] of LINES)
    test(JSON.stringify(text), () => {
      const found = line(text);
      assert.deepEqual([...judged(found)].sort(), [...expected].sort());
      if (refusal !== undefined) assert.ok(refusals(found).includes(refusal), refusals(found).join(' '));
    });
});

describe('a variable that steers kubectl', () => {
  for (const text of [
    'KUBECONFIG=x kubectl get pods',
    'export KUBECONFIG=x; kubectl get pods',
    'env KUBECTL_KUBERC=true kubectl get pods',
    'HTTPS_PROXY=x kubectl get pods',
    'PATH=x; kubectl get pods',
    'declare -x KUBECONFIG=x',
  ])
    test(text, () => assert.ok(line(text).parts.some((part) => part.overridesTarget)));
  for (const text of ['FOO=x kubectl get pods', 'export FOO=x; kubectl get pods', 'kubectl get pods -n KUBECONFIG'])
    test(`not in ${text}`, () => assert.ok(!line(text).parts.some((part) => part.overridesTarget)));
});

describe('executable', () => {
  test('is a plain line and its argv, alike', () => {
    for (const text of ['kubectl get pods', "kubectl delete pod 'x'", 'kubectl  scale deploy/web --replicas=3 # up']) {
      assert.deepEqual(refusals(line(text)), []);
      assert.equal(line(text).parts.length, 1);
    }
    assert.deepEqual(asked(line("kubectl 'delete' pod x")), asked(argv(['kubectl', 'delete', 'pod', 'x'])));
  });

  test('is never a line with shell in it', () => {
    for (const mark of ['|cat', '; x', '&', '>x', '$x', '`x`', '*', '{a,b}', '~', '<x', '(x)'])
      assert.notDeepEqual(refusals(line(`kubectl get pods ${mark}`)), [], mark);
  });

  test('is never a word that no program can be given', () => {
    assert.ok(refusals(argv(['kubectl', 'delete', 'pod', 'a\0b'])).includes('unknown-word'));
  });

  test('is never more than 64 KiB', () => {
    assert.deepEqual(refusals(argv(['kubectl', 'get', 'pods', 'x'.repeat(65_536)])), ['too-large']);
    assert.deepEqual(refusals(line(`kubectl get pods ${'é'.repeat(33_000)}`)), ['too-large']);
    assert.ok(!refusals(line(`kubectl get pods ${'x'.repeat(65_000)}`)).includes('too-large'));
  });
});

describe('any command', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'kubectl',
      'delete',
      'get',
      'ns',
      'pods',
      'x',
      '-n',
      '--all',
      '|',
      '&&',
      ';',
      '$(',
      ')',
      '`',
      '"',
      "'",
      '<<E',
      '\nE\n',
    ),
    fc.constantFrom(
      'sudo',
      'sh',
      '-c',
      'xargs',
      'rm',
      '-rf',
      'psql',
      'eval',
      '{a,b}',
      '$x',
      '${x:-y}',
      '>',
      '/',
      '\\',
      '#',
      '\n',
      '\0',
      'for',
      'do',
      'done',
    ),
    fc.string({ maxLength: 6 }),
  );

  test('gets an answer, as a line and as an argv', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        assert.equal(typeof line(pieces.join(' ')).command, 'string');
        assert.equal(argv(pieces).command, quoteArgv(pieces));
      }),
      { numRuns: 400 },
    );
  });

  test('means the same however its words are quoted', () => {
    const words = fc.array(
      fc.constantFrom('delete', 'get', 'pods', 'ns', 'x', '-n', 'y', '--all', 'deploy/web', '-A'),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(words, fc.constantFrom("'", '"'), (rest, quote) => {
        const plain = ['kubectl', ...rest];
        assert.deepEqual(asked(line(plain.map((word) => `${quote}${word}${quote}`).join(' '))), asked(argv(plain)));
        assert.deepEqual(asked(line(quoteArgv(plain))), asked(argv(plain)));
      }),
    );
  });

  test('that repeats itself for long is answered, and refused', () => {
    for (const unit of [
      'kubectl ',
      'sudo ',
      '$(',
      '`',
      '{a,b}',
      '| sh ',
      'echo x | ',
      '"',
      'a\n',
      '((',
      'eval ',
      "sh -c '",
      '{',
      '<<E\n',
      'rm -rf ',
      '${x:-',
      '$((',
      '<(',
      'if ',
      'psql | ',
      '\\',
      '!',
      'a[',
      'case x in ',
    ])
      assert.notDeepEqual(refusals(line(unit.repeat(Math.floor(4_000 / unit.length)))), [], unit);
  });
});

test('all texts of one command are read within one budget, those of the next within another', () => {
  const budgets: unknown[] = [];
  const files = new Map([['a.yaml', 'a: 1']]);
  const readDocuments: Surroundings['readDocuments'] = (_text, _as, budget) => {
    budgets.push(budget);
    return null;
  };
  for (let time = 0; time < 2; time++)
    understand({ kind: 'line', line: 'kubectl apply -f a.yaml -f a.yaml' }, { ...surroundings, files, readDocuments });
  assert.equal(budgets.length, 4);
  assert.ok(budgets[0] !== undefined && budgets[0] === budgets[1]);
  assert.notEqual(budgets[1], budgets[2]);
});
