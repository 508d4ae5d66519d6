// The second calculator's own reader: plain kubectl commands of the common verbs, in the form people write them.
// Whatever it does not know for certain it gives back as null; it must never guess, and imports nothing of src.
import type { Meaning } from './calculator.ts';
import { kindOf } from './kinds.ts';
import type { Deed } from './seen.ts';
import { choiceOf, type Read, read, type Target, targetsOf } from './words.ts';

/** Deeds of one kind over the targets, each with its own marks. */
const over = (
  { flags }: Read,
  targets: readonly Target[],
  kind: (target: Target) => string,
  marks: (target: Target) => readonly string[],
): readonly Deed[] | null => {
  const choice = choiceOf(flags);
  if (choice === null) return null;
  const chosen = choice.some((mark) => mark === 'all' || mark === 'selector');
  const deeds: Deed[] = [];
  for (const target of targets) {
    if (target.name !== null && chosen) return null;
    const where =
      target.scope === 'cluster' ? null : flags.has('all-namespaces') ? '*' : (flags.get('namespace') ?? 'default');
    const own = target.what === 'pods' ? choice : choice.filter((mark) => mark !== 'finished-only');
    const grants = target.what === 'configmaps' && target.name === 'aws-auth' && where === 'kube-system';
    deeds.push({
      kind: grants && kind(target) !== 'read' && kind(target) !== 'create' ? 'grant' : kind(target),
      what: target.what,
      where,
      who: target.name ?? '*',
      marks: [...own, ...marks(target)],
    });
  }
  return deeds;
};

type Reader = (command: Read, rest: readonly string[]) => readonly Deed[] | null;

const isRbac = ({ what }: Target): boolean => what.endsWith('.rbac.authorization.k8s.io');
const none = (): readonly string[] => [];

const reading: Reader = (command, rest) => {
  const targets = targetsOf(rest);
  if (targets === null) return null;
  return over(command, targets, ({ what }) => (what === 'secrets' ? 'sensitive-read' : 'read'), none);
};

const deleting: Reader = (command, rest) => {
  const { flags } = command;
  const targets = targetsOf(rest);
  if (targets === null) return null;
  const chosen = flags.has('all') || flags.has('selector') || flags.has('field-selector');
  if (targets.some(({ name }) => name === null) !== chosen) return null;
  if (flags.has('all') && (flags.has('selector') || flags.has('field-selector'))) return null;
  const marks: string[] = ['deletes'];
  const grace = flags.get('grace-period');
  if (flags.has('force')) {
    if (flags.has('now') || (grace !== undefined && grace !== '0')) return null;
    marks.push('force', 'grace-zero');
  } else if (flags.has('now')) {
    if (grace !== undefined) return null;
    marks.push('grace-one');
  } else if (grace === '0') marks.push('grace-one');
  const cascade = flags.get('cascade');
  if (cascade === 'orphan' || cascade === 'false') marks.push('orphan');
  else if (cascade !== undefined && cascade !== 'background' && cascade !== 'foreground') return null;
  const kind = (target: Target): string =>
    isRbac(target) ? 'grant' : target.what === 'pods' ? 'delete-pod' : 'delete-object';
  return over(command, targets, kind, () => marks);
};

const scaling: Reader = (command, rest) => {
  const targets = targetsOf(rest);
  const replicas = Number(command.flags.get('replicas') ?? Number.NaN);
  if (targets === null || !Number.isInteger(replicas) || replicas < 0) return null;
  if (
    !targets.every(({ what }) => /^(deployments|statefulsets|replicasets)\.apps$|^replicationcontrollers$/.test(what))
  )
    return null;
  const marks = [`to:${replicas}`, ...(replicas === 0 ? ['scale-to-zero'] : replicas > 20 ? ['scale-up'] : [])];
  return over(
    command,
    targets,
    () => 'scale',
    () => marks,
  );
};

const ROLLOUT: Readonly<Record<string, readonly [kind: string, marks: readonly string[]]>> = {
  restart: ['rollout-restart', []],
  undo: ['rollout-undo', []],
  pause: ['rollout-pause', ['pause']],
  resume: ['rollout-pause', []],
  status: ['read', []],
  history: ['read', []],
};

const rolling: Reader = (command, [verb, ...rest]) => {
  const row = ROLLOUT[verb ?? ''];
  const targets = targetsOf(rest);
  if (row === undefined || targets === null) return null;
  const pausable = verb === 'pause' || verb === 'resume';
  if (
    !targets.every(({ what }) =>
      pausable ? what === 'deployments.apps' : /^(deployment|statefulset|daemonset)s\.apps$/.test(what),
    )
  )
    return null;
  if (command.flags.has('all')) return null;
  const bare = !command.flags.has('selector');
  return over(
    command,
    targets,
    () => row[0],
    ({ name }) => (name === null && bare ? ['all', ...row[1]] : row[1]),
  );
};

const setting: Reader = (command, [what, ...rest]) => {
  const pairs = rest.filter((word) => word.includes('='));
  const named = rest.filter((word) => !word.includes('='));
  if (what === 'serviceaccount' || what === 'sa') {
    const targets = targetsOf(named.slice(0, -1));
    if (targets === null || named.length < 2 || targets.some(({ name }) => name === null)) return null;
    return over(
      command,
      targets,
      () => 'set-config',
      () => ['service-account'],
    );
  }
  const targets = targetsOf(named);
  if (targets === null || !targets.every(({ what: of }) => /^(deployment|statefulset|daemonset)s\.apps$/.test(of)))
    return null;
  if (targets.some(({ name }) => name === null) && !command.flags.has('all') && !command.flags.has('selector'))
    return null;
  if (what === 'image' && pairs.length > 0) {
    const loose = pairs.some((pair) => !/@sha256:[0-9a-f]{64}$/.test(pair));
    return over(
      command,
      targets,
      () => 'set-image',
      () => (loose ? ['starts-image', 'mutable-image'] : ['starts-image']),
    );
  }
  if (what === 'env' && pairs.length > 0) return over(command, targets, () => 'set-config', none);
  const sized = command.flags.has('limits') || command.flags.has('requests');
  return what === 'resources' && sized && pairs.length === 0 ? over(command, targets, () => 'set-config', none) : null;
};

const isPair = (word: string): boolean =>
  /^[A-Za-z0-9][A-Za-z0-9./_-]*(=[A-Za-z0-9./_:-]*|-)$/.test(word) && (word.includes('=') || word.endsWith('-'));

const marking =
  (kind: 'label' | 'annotate'): Reader =>
  (command, rest) => {
    const first = rest.findIndex(isPair);
    const pairs = first < 0 ? [] : rest.slice(first);
    const targets = targetsOf(first < 0 ? rest : rest.slice(0, first));
    if (targets === null || pairs.length === 0 || !pairs.every(isPair)) return null;
    if (targets.some(({ name }) => name === null) && !command.flags.has('all') && !command.flags.has('selector'))
      return null;
    const keys = pairs.map((pair) => (pair.includes('=') ? (pair.split('=')[0] ?? '') : pair.slice(0, -1)));
    const marks = keys.map((key) => (kind === 'label' ? `label:${key}` : `annotation:${key}`));
    const changes = command.flags.has('overwrite') || pairs.some((pair) => !pair.includes('='));
    if (kind === 'label' && changes) marks.push('membership');
    return over(
      command,
      targets,
      (target) => (isRbac(target) ? 'grant' : kind),
      () => marks,
    );
  };

const node = (names: readonly string[]): readonly string[] => [
  'node',
  ...names.map((name) => name.replace(/^nodes?\//, '')),
];

const cordoning =
  (kind: string): Reader =>
  (command, rest) => {
    const targets = targetsOf(node(rest));
    if (targets === null || (rest.length === 0) !== command.flags.has('selector')) return null;
    return over(command, targets, () => kind, none);
  };

const draining: Reader = (command, rest) => {
  const { flags } = command;
  const targets = targetsOf(node(rest));
  if (targets === null || (rest.length === 0) !== flags.has('selector')) return null;
  const grace = flags.get('grace-period');
  if (grace !== undefined && grace !== '0' && !/^([2-9]|[1-9]\d+)$/.test(grace)) return null;
  const marks: string[] = [];
  if (flags.has('force')) marks.push('force');
  if (flags.has('delete-emptydir-data')) marks.push('emptydir');
  if (grace === '0') marks.push('grace-zero');
  return over(
    command,
    targets,
    () => 'drain',
    () => marks,
  );
};

const tainting: Reader = (command, [kind, ...rest]) => {
  const isTaint = (word: string): boolean =>
    /^[a-z0-9./-]+(=[a-z0-9.-]*)?(:(NoSchedule|PreferNoSchedule|NoExecute))?-?$/.test(word) &&
    (/[:=]/.test(word) || word.endsWith('-'));
  const first = rest.findIndex(isTaint);
  if (first < 0 || kindOf(kind ?? '')?.[1] !== 'nodes' || !rest.slice(first).every(isTaint)) return null;
  const targets = targetsOf(node(rest.slice(0, first)));
  if (targets === null || (first === 0) !== (command.flags.has('all') || command.flags.has('selector'))) return null;
  const added = rest.slice(first).filter((word) => !word.endsWith('-'));
  if (added.some((word) => !word.includes(':'))) return null;
  const marks = added.some((word) => word.endsWith(':NoExecute')) ? ['no-execute'] : [];
  return over(
    command,
    targets,
    () => (added.length === 0 ? 'untaint' : 'taint'),
    () => marks,
  );
};

const execing: Reader = (command, rest) => {
  const [name] = rest;
  if (command.inner === null || command.inner.length === 0 || rest.length !== 1 || name === undefined) return null;
  if (!/^(ls|cat|date|env|id|uptime|ps|df)$/.test(command.inner[0] ?? '')) return null;
  const targets = targetsOf(name.includes('/') ? [name] : ['pod', name]);
  return targets === null ? null : over(command, targets, () => 'exec', none);
};

const create = (
  command: Read,
  kind: string,
  name: string | undefined,
  marks: readonly string[],
): readonly Deed[] | null => {
  const targets = name === undefined ? null : targetsOf([kind, name]);
  if (targets === null) return null;
  return over(
    command,
    targets,
    (target) => (isRbac(target) ? 'grant' : 'create'),
    () => ['creates', ...marks],
  );
};

const imageMarks = ({ flags, inner }: Read): readonly string[] => [
  'starts-image',
  ...(/@sha256:[0-9a-f]{64}$/.test(flags.get('image') ?? '') ? [] : ['mutable-image']),
  ...(inner === null ? [] : ['explicit-command']),
];

const creating: Reader = (command, [kind, ...rest]) => {
  const { flags } = command;
  const image = flags.has('image');
  const only = rest.length === 1 ? rest[0] : undefined;
  if (kind === 'deployment' || kind === 'deploy' || kind === 'job' || kind === 'cronjob') {
    return image && (kind !== 'cronjob' || flags.has('schedule'))
      ? create(command, kind, only, imageMarks(command))
      : null;
  }
  if (/^(configmap|cm|namespace|ns|serviceaccount|sa|quota)$/.test(kind ?? ''))
    return create(command, kind ?? '', only, []);
  if (kind === 'secret' && rest[0] === 'generic' && rest.length === 2) return create(command, 'secret', rest[1], []);
  if (/^(service|svc)$/.test(kind ?? '') && rest.length === 2 && flags.has('tcp')) {
    if (!/^(clusterip|nodeport|loadbalancer)$/.test(rest[0] ?? '')) return null;
    return create(command, 'service', rest[1], rest[0] === 'clusterip' ? [] : ['exposes']);
  }
  const marks =
    flags.get('clusterrole') === 'cluster-admin' || flags.get('group') === 'system:masters' ? ['grants-admin'] : [];
  if (/^(role|clusterrole)$/.test(kind ?? '') && flags.has('verb') && flags.has('resource'))
    return create(command, kind ?? '', only, []);
  const bound = (flags.has('role') || flags.has('clusterrole')) && !/blastgate/.test(flags.get('serviceaccount') ?? '');
  return /^(rolebinding|clusterrolebinding)$/.test(kind ?? '') && bound
    ? create(command, kind ?? '', only, marks)
    : null;
};

const running: Reader = (command, rest) => {
  if (!command.flags.has('image') || rest.length !== 1) return null;
  return create(command, 'pod', rest[0], imageMarks(command));
};

const autoscaling: Reader = (command, rest) => {
  const targets = targetsOf(rest);
  const max = Number(command.flags.get('max') ?? Number.NaN);
  if (targets === null || !Number.isInteger(max) || targets.some(({ name }) => name === null)) return null;
  const scaled = new Map(
    targets.map((target) => [{ ...target, what: 'horizontalpodautoscalers.autoscaling' }, target.what]),
  );
  return over(
    command,
    [...scaled.keys()],
    () => 'autoscale',
    (target) => [`max:${max}`, `scales:${scaled.get(target)}/${target.name}`, ...(max > 20 ? ['scale-up'] : [])],
  );
};

const exposing: Reader = (command, rest) => {
  const targets = targetsOf(rest);
  if (targets === null || targets.length !== 1 || targets[0]?.name === null || !command.flags.has('port')) return null;
  const type = command.flags.get('type') ?? 'ClusterIP';
  const marks = type === 'ClusterIP' ? [] : ['exposes'];
  return over(
    command,
    [{ what: 'services', scope: 'namespaced', name: targets[0]?.name ?? null }],
    () => 'create',
    () => marks,
  );
};

const tunnelling: Reader = (command, rest) => {
  const targets = targetsOf(rest[0]?.includes('/') ? rest.slice(0, 1) : ['pod', ...rest.slice(0, 1)]);
  return targets === null || rest.length < 2 ? null : over(command, targets, () => 'tunnel', none);
};

const READERS: Readonly<Record<string, Reader>> = {
  get: reading,
  describe: reading,
  delete: deleting,
  scale: scaling,
  autoscale: autoscaling,
  rollout: rolling,
  set: setting,
  label: marking('label'),
  annotate: marking('annotate'),
  cordon: cordoning('cordon'),
  uncordon: cordoning('uncordon'),
  drain: draining,
  taint: tainting,
  exec: execing,
  create: creating,
  run: running,
  expose: exposing,
  'port-forward': tunnelling,
};

/** What the command does, or null when this reader does not know it for certain. */
export const readCommand = (text: string): Meaning | null => {
  const command = read(text);
  const [program, verb, ...rest] = command?.words ?? [];
  const reader = Object.hasOwn(READERS, verb ?? '') ? READERS[verb ?? ''] : undefined;
  if (command === null || program !== 'kubectl' || reader === undefined) return null;
  const innerBelongs = verb === 'exec' || verb === 'run' || verb === 'create';
  if (command.inner !== null && !innerBelongs) return null;
  const deeds = reader(command, rest);
  if (deeds === null) return null;
  return {
    pieces: [{ deeds, opaque: null, destroys: false, marks: [] }],
    executable: verb !== 'port-forward',
    live: null,
  };
};
