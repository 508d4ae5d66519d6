// A namespace of its own in some cluster: what other people do there, and permits for what is proposed. For tests only.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { ClusterClient, ClusterRequest } from '../../src/adapters/cluster/client.ts';
import { createClusterReader } from '../../src/adapters/cluster/reader.ts';
import { createClusterWriter } from '../../src/adapters/cluster/writer.ts';
import { keyedHash, newHashKey } from '../../src/adapters/system/keyed-hash.ts';
import { readDocuments } from '../../src/adapters/yaml/read-documents.ts';
import { type Direction, type ExecutionPermit, mintBack, mintForward } from '../../src/core/approval/permit.ts';
import { understand } from '../../src/core/command/understand.ts';
import { DEFAULT_SPEC_SETTINGS, evaluate } from '../../src/core/evaluation/evaluate.ts';
import { withHiddenContent } from '../../src/core/evaluation/hidden-content.ts';
import { NO_MEMORY } from '../../src/core/model/facts.ts';
import type { Json } from '../../src/core/model/json.ts';
import type { Resource } from '../../src/core/model/resource.ts';
import { effectsOf } from '../../src/core/model/understanding.ts';
import { changesOf, type DeclarativeSpec } from '../../src/core/sealed-spec/declarative-spec.ts';
import { AdapterError } from '../../src/ports/adapter-error.ts';
import type { ClusterReader, WatchedWrite } from '../../src/ports/cluster-reader.ts';
import type { ClusterWriter } from '../../src/ports/cluster-writer.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** One API call as an admin. */
export type Call = (method: string, path: string, body?: unknown, contentType?: string) => Promise<ApiAnswer>;

export type Break = 'drop-before' | 'drop-after' | 'forbid' | 'server-error' | 'conflict';

export interface ClusterUnderTest {
  readonly reader: ClusterReader;
  readonly writer: ClusterWriter;
  /** A writer of the same cluster that lets something else happen just before each of its writes. */
  readonly writerAfter: (before: () => Promise<unknown>) => ClusterWriter;
  /** A writer of the same cluster whose requests are changed on their way. */
  readonly writerSending: (change: (request: ClusterRequest) => ClusterRequest) => ClusterWriter;
  readonly call: Call;
  /** Breaks the next write of the gate. */
  readonly breakNextWrite: (how: Break) => void;
  readonly stop: () => Promise<void>;
}

/** One key for every writer of a test: what one has sealed another carries out. */
const HASH = keyedHash(newHashKey());

/** Both ports over one client. */
export const portsOf = (
  client: ClusterClient,
): Pick<ClusterUnderTest, 'reader' | 'writer' | 'writerAfter' | 'writerSending'> => ({
  reader: createClusterReader(client),
  writer: createClusterWriter(client, HASH),
  writerAfter: (before) =>
    createClusterWriter(
      {
        ...client,
        send: async (request, aborted) => {
          if (request.method !== 'GET') await before();
          return client.send(request, aborted);
        },
      },
      HASH,
    ),
  writerSending: (change) =>
    createClusterWriter({ ...client, send: (request, aborted) => client.send(change(request), aborted) }, HASH),
});

const STATUS = { forbid: 403, 'server-error': 500, conflict: 409 } as const;

/** A client whose next write can be broken, for a server that cannot be told to fail. */
export const breakable = (client: ClusterClient): { client: ClusterClient; breakNextWrite: (how: Break) => void } => {
  let next: Break | null = null;
  const send: ClusterClient['send'] = async (request, aborted) => {
    const how = request.method === 'GET' ? null : next;
    if (how === null) return client.send(request, aborted);
    next = null;
    if (how === 'drop-after') await client.send(request, aborted);
    if (how === 'drop-before' || how === 'drop-after') throw new AdapterError('no-answer', 'the connection was cut');
    throw new AdapterError('refused', `told to answer ${STATUS[how]}`, { status: STATUS[how] });
  };
  return {
    client: { ...client, send },
    breakNextWrite: (how) => {
      next = how;
    },
  };
};

export const signal = (): AbortSignal => AbortSignal.timeout(30_000);

/** Until it is so; a cluster needs its moment. */
export const until = async <T>(what: string, look: () => Promise<T | null | false>): Promise<T> => {
  const end = Date.now() + 90_000;
  for (;;) {
    const found = await look();
    if (found !== null && found !== false) return found;
    if (Date.now() > end) throw new Error(`${what}: not within 90 s`);
    await pause(25);
  }
};

interface Manifest {
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet';
  readonly name: string;
  readonly image: string;
  readonly replicas: number;
  readonly spec?: object;
}

const PLURAL = { Deployment: 'deployments', StatefulSet: 'statefulsets', DaemonSet: 'daemonsets' } as const;

// biome-ignore lint/suspicious/noExplicitAny: objects of a cluster, read by tests only
type Any = any;

/** What others do in one namespace. */
export class Neighbourhood {
  readonly call: Call;
  readonly namespace: string;
  /** What the specs that were sealed here show only as hashes. */
  readonly revealed = new Map<string, Json>();
  /** Kinds that the cluster serves beside the built-in ones. */
  customResources: readonly Resource[] = [];

  constructor(call: Call, namespace: string) {
    this.call = call;
    this.namespace = namespace;
  }

  async ask(method: string, path: string, body?: unknown, contentType?: string): Promise<Any> {
    const answer = await this.call(method, path, body, contentType);
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async open(): Promise<void> {
    await this.ask('POST', '/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: this.namespace },
    });
    const account = `/api/v1/namespaces/${this.namespace}/serviceaccounts/default`;
    await until('the service account', async () => (await this.call('GET', account)).status !== 404);
  }

  path(plural: string, name: string): string {
    const prefix = plural === 'pods' ? '/api/v1' : '/apis/apps/v1';
    return `${prefix}/namespaces/${this.namespace}/${plural}/${name}`;
  }

  read(plural: string, name: string): Promise<Any> {
    return this.ask('GET', this.path(plural, name));
  }

  async list(plural: string, labels: string): Promise<readonly Any[]> {
    const found = await this.ask('GET', `${this.path(plural, '').replace(/\/$/, '')}?labelSelector=${labels}`);
    return found.items;
  }

  patch(plural: string, name: string, body: object): Promise<Any> {
    return this.ask('PATCH', this.path(plural, name), body, 'application/strategic-merge-patch+json');
  }

  setImage(plural: string, name: string, image: string): Promise<Any> {
    return this.patch(plural, name, { spec: { template: { spec: { containers: [{ name: 'web', image }] } } } });
  }

  /** A workload with one container `web`, rolled out. */
  async deploy(manifest: Manifest): Promise<void> {
    const { kind, name, image } = manifest;
    const labels = { app: name, group: `${name}-group` };
    await this.ask('POST', this.path(PLURAL[kind], '').replace(/\/$/, ''), {
      apiVersion: 'apps/v1',
      kind,
      metadata: { name, labels },
      spec: {
        ...(kind === 'DaemonSet' ? {} : { replicas: manifest.replicas }),
        ...(kind === 'StatefulSet' ? { serviceName: name } : {}),
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'web', image }] } },
        ...manifest.spec,
      },
    });
    await this.atRest(PLURAL[kind], name);
  }

  /** Rolled out, and its history recorded. */
  atRest(plural: string, name: string): Promise<Any> {
    return until(`${plural}/${name} at rest`, async () => {
      const object = await this.read(plural, name);
      const { status = {} } = object;
      if ((status.observedGeneration ?? 0) < object.metadata.generation) return null;
      if (plural === 'daemonsets')
        return (status.numberAvailable ?? 0) > 0 && status.updatedNumberScheduled === status.desiredNumberScheduled
          ? object
          : null;
      const wanted = object.spec.replicas;
      const counts = [status.replicas, status.updatedReplicas, status.availableReplicas];
      return counts.every((count) => (count ?? 0) === wanted) ? object : null;
    });
  }

  async barePod(name: string): Promise<void> {
    await this.ask('POST', `/api/v1/namespaces/${this.namespace}/pods`, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, labels: { app: name } },
      spec: { containers: [{ name: 'web', image: 'web:1' }] },
    });
    await until(`pod ${name} ready`, async () => {
      const pod = await this.read('pods', name);
      return pod.status.conditions?.some((one: Any) => one.type === 'Ready' && one.status === 'True');
    });
  }

  /** Seals a kubectl command for this namespace as a gate would, in tier auto; with what dry runs show where a writer is given. */
  async seal(
    reader: ClusterReader,
    command: string,
    writer: Pick<ClusterWriter, 'rehearse'> | null = null,
    files: ReadonlyMap<string, string> = new Map(),
    customResources: readonly Resource[] = [],
  ): Promise<DeclarativeSpec> {
    const whole = understand(
      { kind: 'line', line: command },
      {
        namespace: this.namespace,
        files,
        customResources: [...this.customResources, ...customResources],
        readDocuments,
      },
    );
    assert.deepEqual(whole.refusals, [], command);
    const sent = effectsOf(whole);
    const seen = await reader.readFacts(sent, signal());
    const rehearsal = writer === null ? null : await writer.rehearse(sent, seen.targets, signal());
    const { understanding, hidden } = withHiddenContent(whole, HASH);
    for (const [hash, value] of [...hidden, ...(rehearsal?.hidden ?? [])]) this.revealed.set(hash, value);
    const effects = effectsOf(understanding);
    const facts = { ...seen, ...NO_MEMORY, rehearsal };
    return evaluate({
      understanding,
      files,
      blastRadius: {
        score: 8,
        tier: 'auto',
        action: effects[0]?.kind ?? 'none',
        executable: true,
        refusals: [],
        hardRule: null,
        dryRun: false,
        evidence: 'live',
        effects,
        reasons: [],
      },
      decision: { tier: 'auto', approvals: 0, reviewIssue: 'none' },
      facts,
      incident: 'INC-1',
      clusterName: null,
      settings: DEFAULT_SPEC_SETTINGS,
    });
  }
}

/** What is watched of one direction of a spec. */
export const watchedOf = (spec: DeclarativeSpec, direction: Direction = 'forward'): WatchedWrite => ({
  effects: direction === 'forward' ? spec.effects : spec.rollbackPlan.steps,
  targets: spec.facts,
  changes: changesOf(spec),
  made: spec,
  isWritten: true,
});

/** A genuine permit for one direction of a sealed spec of tier auto. */
export const permitFor = (spec: DeclarativeSpec, direction: Direction): ExecutionPermit => {
  const minted =
    direction === 'back'
      ? mintBack({ spec, forwardReachedAt: '2026-01-01T00:00:00.000Z' })
      : mintForward({
          spec,
          proposer: { kind: 'agent', id: 'healer', owner: 'ana' },
          votes: [],
          expiresAt: '2999-01-01T00:00:00.000Z',
          people: { people: [], agents: [] },
          flags: { blastRadiusCheck: 'on', gitopsPr: 'on' },
          decision: null,
          policy: {},
          now: '2026-01-01T00:00:00.000Z',
        });
  assert.ok(minted.ok, JSON.stringify(minted));
  return minted.permit;
};
