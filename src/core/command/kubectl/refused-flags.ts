// Which commands and flags are not executable whatever they are applied to (scoring section 8).
import type { Refusal, RefusalCode } from '../../model/refusal.ts';
import type { CommandNode } from './commands.ts';
import { isBare } from './flags.ts';
import type { Invocation } from './invocation.ts';

/** A flag, the commands of which this row speaks ("" for all), and when its value matters. */
interface Row {
  readonly flag: string;
  readonly code: RefusalCode;
  /** Commands by path; null for every command. */
  readonly commands: ReadonlySet<string> | null;
  /** Whether this value is one that the row refuses. */
  readonly refuses: (value: string) => boolean;
}

const any = (): boolean => true;
const on = (value: string): boolean => value !== 'false';
const notEmpty = (value: string): boolean => value !== '';
/** The printers that read a template from a file of the host. */
const fromFile = (value: string): boolean =>
  /^(?:go-template-file|templatefile|jsonpath-file|custom-columns-file)(?:=|$)/.test(value);

const rows = (
  flags: string,
  code: RefusalCode,
  refuses: (value: string) => boolean = any,
  commands: readonly string[] | null = null,
): readonly Row[] =>
  flags.split(' ').map((flag) => ({ flag, code, refuses, commands: commands === null ? null : new Set(commands) }));

/** Commands whose flags of these names speak of something else (parsing rule B14). */
const OWN_FLAGS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    debug: ['profile'],
    'create rolebinding': ['user'],
    'create clusterrolebinding': ['user'],
    'set subject': ['user'],
    'config set-cluster': ['server', 'certificate-authority', 'insecure-skip-tls-verify', 'tls-server-name'],
    'config set-context': ['cluster', 'user'],
    'config set-credentials': ['client-certificate', 'client-key', 'token', 'username', 'password'],
  }).map(([path, flags]) => [path, new Set(flags)]),
);

const TABLE: readonly Row[] = [
  ...rows(
    'server kubeconfig context cluster user token as as-group as-uid as-user-extra certificate-authority tls-server-name client-certificate client-key kuberc cache-dir profile-output username password',
    'identity-flag',
  ),
  ...rows('insecure-skip-tls-verify', 'identity-flag', on),
  ...rows('enable-helm enable-exec enable-alpha-plugins', 'identity-flag', on, ['kustomize']),
  ...rows('helm-command', 'identity-flag', any, ['kustomize']),
  ...rows('raw', 'raw-request', notEmpty, ['get', 'create', 'replace', 'delete']),
  // profiling of kubectl itself writes a file; the --profile of debug is another flag
  ...rows('profile', 'host-file', (value) => value !== 'none' && value !== ''),
  ...rows('stdin tty', 'interactive', on, ['exec', 'attach', 'run', 'debug']),
  ...rows('attach', 'interactive', on, ['run', 'debug']),
  ...rows('interactive', 'interactive', on, ['delete']),
  ...rows('edit', 'interactive', on, ['create']),
  ...rows('from-file from-env-file', 'host-file', any),
  ...rows('cert key', 'host-file', notEmpty, ['create secret tls']),
  ...rows('custom', 'host-file', notEmpty, ['debug']),
  ...rows('output-directory', 'host-file', notEmpty, ['cluster-info dump']),
  ...rows('output', 'host-file', notEmpty, ['kustomize']),
  ...rows('output', 'host-file', fromFile),
  ...rows('unix-socket www', 'host-file', notEmpty, ['proxy']),
];

const BY_FLAG: ReadonlyMap<string, readonly Row[]> = Map.groupBy(TABLE, (row) => row.flag);

/** Commands that need a person at a terminal, touch files of the host, or hold a connection open. */
const COMMANDS: ReadonlyMap<string, Refusal> = new Map(
  Object.entries({
    edit: 'interactive',
    'apply edit-last-applied': 'interactive',
    attach: 'interactive',
    'port-forward': 'interactive',
    proxy: 'interactive',
    cp: 'host-file',
    'config delete-cluster': 'local-config',
    'config delete-context': 'local-config',
    'config delete-user': 'local-config',
    'config rename-context': 'local-config',
    'config set': 'local-config',
    'config set-cluster': 'local-config',
    'config set-context': 'local-config',
    'config set-credentials': 'local-config',
    'config unset': 'local-config',
    'config use-context': 'local-config',
    'kuberc set': 'local-config',
  } as const).map(([path, code]) => [path, { code, about: `kubectl ${path}` }]),
);

/** Refusals that the command and its flags alone tell; none when only help is asked for. */
export function refusedFlags(it: Invocation, { key: path }: CommandNode): readonly Refusal[] {
  if (it.help) return NONE;
  const command = COMMANDS.get(path);
  if (isBare(it)) return command === undefined ? NONE : [command];
  let found: Refusal[] | null = command === undefined ? null : [command];
  for (const [flag, values] of it.flags) {
    const about = BY_FLAG.get(flag);
    if (about === undefined) continue;
    const counts = values.at(-1);
    for (const row of about) {
      if (row.commands !== null ? !row.commands.has(path) : OWN_FLAGS.get(path)?.has(flag) === true) continue;
      if (counts === undefined || !row.refuses(counts)) continue;
      found ??= [];
      found.push({ code: row.code, about: `--${flag}` });
    }
  }
  return found ?? NONE;
}

const NONE: readonly never[] = [];
