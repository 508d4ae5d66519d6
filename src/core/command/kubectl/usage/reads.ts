// What kubectl refuses of reads and of commands about itself, in the order it looks.
import { hasFiles } from '../builder-usage.ts';
import { isGiven, isOn, lastOf } from '../flags.ts';
import {
  argCount,
  built,
  needsFiles,
  noArgs,
  oneOf,
  rawAlone,
  type Table,
  unlessRaw,
  when,
  whenFlags,
} from './rule.ts';

/** Rules by command. */
export const READS: Table = {
  'api-resources': [noArgs, oneOf('sort-by', ['name', 'kind'], '--sort-by accepts only name or kind')],
  'api-versions': [noArgs],
  'auth can-i': [
    whenFlags((it) => isOn(it, 'list') && it.args.length > 0, 'list option must be specified with no arguments'),
    when(
      (it) => !isOn(it, 'list') && it.args.length !== 2,
      'you must specify two arguments: verb resource or verb resource/resourceName.',
    ),
    whenFlags(
      (it) => isOn(it, 'list') && (isOn(it, 'quiet') || isOn(it, 'all-namespaces') || isGiven(it, 'subresource')),
      "list option can't be specified with neither quiet, all-namespaces nor subresource options",
    ),
    when((it) => !isOn(it, 'list') && isOn(it, 'no-headers'), '--no-headers cannot be set without --list specified'),
  ],
  'auth reconcile': [needsFiles, when((it) => it.args.length > 0, 'no arguments are allowed')],
  completion: [
    argCount(1, 1, 'Shell not specified, or too many arguments. Expected only the shell type.'),
    when((it) => !/^(?:bash|zsh|fish|powershell)$/.test(it.args[0] ?? ''), 'Unsupported shell type'),
  ],
  'config delete-cluster': [argCount(1, 1, 'cluster name to delete is required')],
  'config delete-context': [argCount(1, 1, 'context name to delete is required')],
  'config delete-user': [argCount(1, 1, 'user to delete is required')],
  'config rename-context': [argCount(2, 2, 'two context names are required')],
  'config set': [argCount(2, 2, 'a property name and a value are required')],
  'config set-cluster': [argCount(1, 1, 'exactly one cluster name is required')],
  'config set-context': [
    argCount(0, 1, 'at most one context name is allowed'),
    when(
      (it) => (it.args[0] ?? '') === '' && !isOn(it, 'current'),
      'you must specify a non-empty context name or --current',
    ),
    when(
      (it) => (it.args[0] ?? '') !== '' && isOn(it, 'current'),
      'you cannot specify both a context name and --current',
    ),
  ],
  'config set-credentials': [
    argCount(1, 1, 'exactly one user name is required'),
    whenFlags(
      (it) => isGiven(it, 'token') && (isGiven(it, 'username') || isGiven(it, 'password')),
      'you cannot specify more than one authentication method at the same time: [--token --username/--password]',
    ),
  ],
  'config unset': [argCount(1, 1, 'exactly one property name is required')],
  'config use-context': [argCount(1, 1, 'exactly one context name is required')],
  'config view': [noArgs],
  describe: [built('list')],
  diff: [
    noArgs,
    needsFiles,
    whenFlags(
      (it) => isOn(it, 'force-conflicts') && !isOn(it, 'server-side'),
      '--force-conflicts only works with --server-side',
    ),
  ],
  events: [
    whenFlags(
      (it) => isGiven(it, 'for') && !(lastOf(it, 'for') ?? '').includes('/'),
      '--for must be in resource/name form',
    ),
  ],
  explain: [
    argCount(1, 1, 'You must specify the type of resource to explain, and only one'),
    oneOf('output', ['plaintext', 'plaintext-openapiv2'], 'unrecognized format'),
  ],
  get: [
    whenFlags((it) => isGiven(it, 'raw') && it.args.length > 0, 'arguments may not be passed when --raw is specified'),
    whenFlags(
      (it) => isGiven(it, 'raw') && (isOn(it, 'watch') || isOn(it, 'watch-only') || isGiven(it, 'selector')),
      '--raw may not be specified with other flags that filter the server request or alter the output',
    ),
    rawAlone,
    whenFlags(
      (it) => isOn(it, 'show-labels') && isGiven(it, 'output') && lastOf(it, 'output') !== 'wide',
      `--show-labels option cannot be used with this printer`,
    ),
    whenFlags(
      (it) => isOn(it, 'output-watch-events') && !isOn(it, 'watch') && !isOn(it, 'watch-only'),
      '--output-watch-events option can only be used with --watch or --watch-only',
    ),
    unlessRaw(built('list')),
    whenFlags(
      (it) => isGiven(it, 'subresource') && it.args.length === 1 && !(it.args[0] ?? '').includes('/'),
      'subresource cannot be used when bulk resources are specified',
    ),
    whenFlags(
      (it) => (isOn(it, 'watch') || isOn(it, 'watch-only')) && (it.args[0] ?? '').includes(','),
      'you may only specify a single resource type',
    ),
  ],
  kustomize: [argCount(0, 1, 'specify one path to kustomization.yaml')],
  version: [
    when((it) => it.args.length > 0 && !isOn(it, 'client'), 'extra arguments'),
    oneOf('output', ['yaml', 'json'], `--output must be 'yaml' or 'json'`),
  ],
  wait: [
    whenFlags(
      (it) => isOn(it, 'local') && !hasFiles(it),
      'you must specify resources by --filename when --local is set',
    ),
    built('with --all'),
  ],
};
