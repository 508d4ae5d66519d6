// Requests of up to 1 MiB that are as slow to judge as any that are known: shapes that cost a reader of YAML, of shell or of facts most.

export interface HostileInput {
  readonly what: string;
  readonly path: 'score' | 'evaluate' | 'proposals';
  readonly body: {
    readonly argv?: readonly string[];
    readonly command?: string;
    readonly files?: Readonly<Record<string, string>>;
    readonly namespace?: string;
  };
}

/** Of the cluster that these are asked of: a namespace with so many pods, p0 and on, which one service selects. */
export const CROWD = { namespace: 'crowd', pods: 1_000 } as const;

/** What fits into a body of 1 MiB; lines take more, since JSON writes a break in two characters. */
const NEARLY_A_MIB = 2 ** 20 - 4_096;
const IN_LINES = 0.8 * NEARLY_A_MIB;
const NEARLY_64_KIB = 2 ** 16 - 64;

const filled = (unit: string, size: number, head = '', tail = ''): string =>
  head + unit.repeat(Math.floor((size - head.length - tail.length) / unit.length)) + tail;
const numbered = (many: number, text: (at: number) => string): string =>
  Array.from({ length: many }, (_, at) => text(at)).join('');

const apply = (manifest: string): HostileInput['body'] => ({
  command: 'kubectl apply -f x.yaml -n shop',
  files: { 'x.yaml': manifest },
});
const line = (command: string): HostileInput['body'] => ({ command });
const configMap = (data: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n${data}`;
const pod = (containers: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  containers:\n${containers}`;
const workflow = (templates: string): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {name: x}\nspec:\n  templates:\n${templates}`;
const listOf = (many: number, kind: string): string =>
  `apiVersion: v1\nkind: List\nitems:\n${numbered(many, (i) => `- {apiVersion: v1, kind: ${kind}, metadata: {name: x${i}}}\n`)}`;
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
const nested = (depth: number): string =>
  Array.from({ length: depth }).reduce<string>((inner) => `sh -c ${quoted(inner)}`, 'kubectl delete pod x');
const pods = (many: number): readonly string[] => Array.from({ length: many }, (_, i) => `p${i}`);

const TEXTS: readonly (readonly [what: string, body: HostileInput['body']])[] = [
  ['a ConfigMap of 60,000 keys', apply(configMap(numbered(60_000, (i) => `  k${i}: v\n`)))],
  ['a ConfigMap of 14,000 keys', apply(configMap(numbered(14_000, (i) => `  k${i}: v\n`)))],
  ['50,000 aliases', apply(`- &a x\n${'- *a\n'.repeat(50_000)}`)],
  ['merges of a wide mapping', apply(`a: &a {${numbered(500, (i) => `k${i}: 1,`)}}\n${'<<: *a\n'.repeat(50_000)}`)],
  ['1 MiB of open brackets', apply(filled('[', NEARLY_A_MIB))],
  ['1 MiB of one word', apply(filled('a', NEARLY_A_MIB))],
  [
    '1 MiB of a Secret',
    apply(filled('  a: b\n', IN_LINES, 'apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringData:\n')),
  ],
  ['1 MiB of pictographs', apply(filled('😀', 0.48 * NEARLY_A_MIB, 'a: '))],
  ['1 MiB of U+2028', apply(filled('a\u2028', 0.48 * NEARLY_A_MIB, 'a: |\n '))],
  ['2,000 documents', apply(numbered(2_000, (i) => `apiVersion: v1\nkind: Service\nmetadata: {name: x${i}}\n---\n`))],
  ['a list of 4,000 objects', apply(listOf(4_000, 'ConfigMap'))],
  ['4,000 objects deleted', { ...apply(listOf(4_000, 'Pod')), command: 'kubectl delete -f x.yaml' }],
  ['4,000 containers', apply(pod(numbered(4_000, (i) => `  - {name: c${i}, image: b}\n`)))],
  [
    '4,000 containers with programs',
    apply(pod(numbered(4_000, (i) => `  - {name: c${i}, image: b, command: [rm, -rf, /d${i}]}\n`))),
  ],
  [
    '900 containers with shells',
    apply(
      pod(numbered(900, (i) => `  - {name: c${i}, image: b, command: [sh, -c, "rm x${i}; psql -c 'select 1'"]}\n`)),
    ),
  ],
  [
    '1 MiB of Argo scripts',
    apply(
      workflow(
        numbered(
          250,
          (i) =>
            `  - {name: t${i}, script: {image: bash, source: "${'for i in 1 2 3; do kubectl delete pod x$i -n a; done; '.repeat(70)}"}}\n`,
        ),
      ),
    ),
  ],
  [
    'one Argo script of 120 KB',
    apply(
      workflow(`  - {name: t, script: {image: bash, source: "${filled('kubectl delete pod x$i -n a; ', 120_000)}"}}\n`),
    ),
  ],
  [
    '4,000 files',
    {
      command: `kubectl apply ${numbered(4_000, (i) => `-f ${i} `)}`,
      files: Object.fromEntries(
        pods(4_000).map((_, i) => [`${i}`, `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x${i}}\n`]),
      ),
    },
  ],
  [
    '80,000 files',
    { command: 'kubectl get pods', files: Object.fromEntries(pods(80_000).map((name) => [name.slice(1), ''])) },
  ],
  [
    'one file 7,000 times',
    {
      command: filled('-f x.yaml ', NEARLY_64_KIB, 'kubectl apply '),
      files: { 'x.yaml': configMap(numbered(60, (i) => `  k${i}: v\n`)) },
    },
  ],
  ['64 KiB of a;a;a', line(filled('a;', NEARLY_64_KIB))],
  ['64 KiB of a&&b||', line(filled('a&&b||', NEARLY_64_KIB, '', 'c'))],
  ['64 KiB of kubectl get', line(filled('kubectl get po;', NEARLY_64_KIB))],
  ['64 KiB of kubectl delete', line(filled('kubectl delete pod x -n a; ', NEARLY_64_KIB))],
  ['64 KiB of flags with tokens', line(filled('--token=a ', NEARLY_64_KIB, 'kubectl get po '))],
  ['64 KiB of one word', line(filled('a', NEARLY_64_KIB, 'kubectl delete pod '))],
  ['64 KiB of pictographs', line(filled('😀', NEARLY_64_KIB / 2, 'kubectl delete pod '))],
  ['10 shells in each other', line(nested(10))],
  ['15,000 subshells in each other', line(`${'('.repeat(15_000)}a${')'.repeat(15_000)}`)],
  [
    'a heredoc of a Secret',
    line(
      `kubectl apply -f - <<EOF\n${filled('  a: b\n', NEARLY_64_KIB - 100, 'apiVersion: v1\nkind: Secret\nstringData:\n')}\nEOF`,
    ),
  ],
  ['10,000 names', line(`kubectl delete pod ${pods(10_000).join(' ')}`)],
  ['4 KiB of plain words', line(filled('a ', 4_000, 'kubectl delete pod '))],
  [
    'a patch of 3,000 passwords',
    {
      argv: [
        'kubectl',
        'patch',
        'deployment',
        'x',
        '-p',
        `{"a":{${pods(3_000)
          .map((name) => `"${name}pass":"s3cr"`)
          .join(',')}}}`,
      ],
    },
  ],
];

const LIVE: readonly (readonly [what: string, body: HostileInput['body']])[] = [
  [`all ${CROWD.pods} pods of a namespace`, line('kubectl delete pods --all')],
  ['all of them by a label', line('kubectl delete pods -l app=crowd')],
  ['1,000 of them by name', line(`kubectl delete pod ${pods(1_000).join(' ')}`)],
  ['300 of them by name', line(`kubectl delete pod ${pods(300).join(' ')}`)],
  ['their namespace', line(`kubectl delete namespace ${CROWD.namespace}`)],
  ['their node', line('kubectl drain node-1 --ignore-daemonsets --force')],
  ['one of them', line('kubectl delete pod p1')],
];

/** Texts are scored, and evaluated as well; what the cluster knows much of is evaluated and proposed. */
export const HOSTILE: readonly HostileInput[] = [
  ...TEXTS.flatMap(([what, body]) => (['score', 'evaluate'] as const).map((path) => ({ what, path, body }))),
  ...LIVE.flatMap(([what, body]) =>
    (['evaluate', 'proposals'] as const).map((path) => ({ what, path, body: { ...body, namespace: CROWD.namespace } })),
  ),
];
