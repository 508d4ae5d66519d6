// A control plane of its own → namespaces in which commands are tried: what stands there, what kubectl does, what was written.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type ClusterClient, getJson, openCluster } from '../../src/adapters/cluster/client.ts';
import type { JsonObject } from '../../src/core/model/json.ts';
import { type AuditEvent, readAuditLog } from '../servers/audit-log.ts';
import type { ControlPlane } from '../servers/kubernetes.ts';
import { type ClusterUnderTest, portsOf, signal, until } from '../support/cluster-under-test.ts';
import type { Command } from './commands.ts';
import { CUSTOM_KINDS, NS, type Stand } from './objects.ts';
import { nameOf, pathOf, type Snapshot, snapshotOf } from './snapshot.ts';

const KUBECTL_MS = 40_000;

/** One namespace with its folder, and what stood there. */
export interface Side {
  readonly namespace: string;
  readonly folder: string;
  readonly before: Snapshot;
}

/** How kubectl ended. */
export interface Ran {
  readonly ok: boolean;
  readonly says: string;
}

const STAY = ['pods', 'replicasets.apps'] as const;
/** Kinds whose pods would go on costing time. */
const BUSY = [
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'replicasets.apps',
  'replicationcontrollers',
  'jobs.batch',
  'pods',
];
const ROLLED = new Set([
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'replicasets.apps',
  'replicationcontrollers',
]);

/** The text with the namespace in its place. */
export const inside = (text: string, namespace: string): string => text.replaceAll(NS, namespace);
const objectIn = ({ object }: Stand, namespace: string): JsonObject =>
  JSON.parse(inside(JSON.stringify(object), namespace)) as JsonObject;

// biome-ignore lint/suspicious/noExplicitAny: objects of a cluster, read by tests only
type Any = any;

/** Rolled out as far as it will be. */
const isAtRest = ({ metadata, spec, status = {} }: Any): boolean => {
  if ((status.observedGeneration ?? 0) < metadata.generation) return false;
  if (spec.paused === true) return true;
  if (status.desiredNumberScheduled !== undefined)
    return (
      status.numberAvailable === status.desiredNumberScheduled &&
      status.updatedNumberScheduled === status.desiredNumberScheduled
    );
  const counts = [
    status.replicas,
    status.availableReplicas ?? status.readyReplicas,
    status.updatedReplicas ?? status.replicas,
  ];
  return counts.every((count) => (count ?? 0) === spec.replicas);
};

const isUntaintedByController = (node: Any): boolean =>
  node !== null && !(node.spec.taints ?? []).some((taint: Any) => taint.key === 'node.kubernetes.io/not-ready');

const hasRun = (status: Any): boolean =>
  status?.conditions?.some((one: Any) => one.type === 'Ready' && one.status === 'True');

/** A write that stayed: dry runs and refusals are none. */
const stays = ({ verb, requestURI, requestObject, responseStatus }: AuditEvent): boolean =>
  ['create', 'update', 'patch', 'delete', 'deletecollection'].includes(verb) &&
  responseStatus.code < 300 &&
  !requestURI.includes('dryRun=') &&
  !((requestObject as { readonly dryRun?: readonly string[] } | null)?.dryRun ?? []).includes('All');

/** "patch deployments.apps/scale web": a request as both sides must send it. */
export const requestName = ({ verb, objectRef, requestObject }: AuditEvent, namespace: string): string => {
  const { resource = '', apiGroup = '', subresource = null, name = null } = objectRef ?? {};
  const made = (
    requestObject as { readonly metadata?: { readonly name?: string; readonly generateName?: string } } | null
  )?.metadata;
  const named = made?.generateName === undefined ? (name ?? made?.name ?? '') : `${made.generateName}*`;
  const kind = `${resource}${apiGroup === '' ? '' : `.${apiGroup}`}${subresource === null ? '' : `/${subresource}`}`;
  return `${verb} ${kind} ${named.replace(namespace, NS)}`;
};

/** Kinds of what was written. */
export const kindsOf = (events: readonly AuditEvent[]): readonly string[] =>
  events.map(({ objectRef }) => {
    const { resource = '', apiGroup = '' } = objectRef ?? {};
    return apiGroup === '' ? resource : `${resource}.${apiGroup}`;
  });

/** Namespaces of one control plane that only these tests use: CRDs are made, and the gate's user may do everything. */
export class Stage {
  readonly plane: ControlPlane;
  readonly #admin: ClusterClient;
  readonly ports: Pick<ClusterUnderTest, 'reader' | 'writer'>;
  readonly #folder = mkdtempSync(join(tmpdir(), 'blastgate-twins-'));

  private constructor(plane: ControlPlane, admin: ClusterClient, ports: Pick<ClusterUnderTest, 'reader' | 'writer'>) {
    this.plane = plane;
    this.#admin = admin;
    this.ports = ports;
  }

  static async open(plane: ControlPlane): Promise<Stage> {
    const ask = async (path: string, body: object): Promise<void> => {
      const answer = await plane.request('admin', 'POST', path, body);
      if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    };
    // What each right allows is shown elsewhere (test/rights); here nothing may fail for want of one.
    await ask('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'gate-everything' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'gate' }],
    });
    for (const kind of CUSTOM_KINDS) await ask('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', kind);
    for (const plural of ['widgets', 'gadgets'])
      await until(plural, async () => {
        const path = `/apis/example.com/v1/namespaces/default/${plural}`;
        return (await plane.request('admin', 'GET', path)).status === 200;
      });
    const open = (user: 'admin' | 'gate') => openCluster({ kubeconfig: plane.kubeconfigPath(user), serviceHost: null });
    return new Stage(plane, await open('admin'), portsOf(await open('gate')));
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** A namespace with what must stand before the command. */
  async settle(namespace: string, command: Command): Promise<Side> {
    const post = (path: string, value: JsonObject): Promise<JsonObject> =>
      this.#admin.send({ method: 'POST', path, query: {}, body: { type: 'application/json', value } }, signal());
    await post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    const account = `/api/v1/namespaces/${namespace}/serviceaccounts/default`;
    await until('the service account', () => this.#read(account));
    for (const stand of command.stands) await post(pathOf(stand.resource, namespace), objectIn(stand, namespace));
    await Promise.all(command.stands.map((stand) => this.#rolledOut(stand, namespace)));
    const folder = join(this.#folder, namespace);
    mkdirSync(folder);
    for (const [path, text] of command.files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), inside(text, namespace));
    }
    return { namespace, folder, before: await this.snapshot(namespace, command, []) };
  }

  async #read(path: string): Promise<Any> {
    return this.#admin.send(getJson(path), signal()).catch(() => null);
  }

  async #rolledOut(stand: Stand, namespace: string): Promise<void> {
    const path = `${pathOf(stand.resource, namespace)}/${nameOf(objectIn(stand, namespace))}`;
    const rest = async (): Promise<void> => {
      await until(`${path} at rest`, async () => {
        const object = await this.#read(path);
        return object !== null && isAtRest(object);
      });
    };
    // A new node is tainted until its controller has looked at it: whoever seals its taints before then seals that one too.
    if (stand.resource === 'nodes')
      await until(`${path} is ready`, async () => isUntaintedByController(await this.#read(path)));
    if (stand.resource === 'pods') await until(`${path} runs`, async () => hasRun((await this.#read(path))?.status));
    if (!ROLLED.has(stand.resource)) return;
    await rest();
    for (const image of stand.images ?? []) {
      const value = { spec: { template: { spec: { containers: [{ name: 'web', image }] } } } };
      const body = { type: 'application/strategic-merge-patch+json', value } as const;
      await this.#admin.send({ method: 'PATCH', path, query: {}, body }, signal());
      await rest();
    }
  }

  byKubectl({ namespace, folder }: Side, { argv }: Command, kubectl: string): Promise<Ran> {
    const env = {
      HOME: folder,
      KUBECONFIG: this.plane.kubeconfigPath('admin'),
      KUBECTL_KUBERC: 'false',
      PATH: process.env['PATH'],
    };
    const words = argv.map((word) => inside(word, namespace));
    return new Promise((done) => {
      const child = execFile(kubectl, words, { cwd: folder, env, timeout: KUBECTL_MS }, (error, out, err) =>
        done({ ok: error === null, says: `${out}${err}`.trim().slice(0, 600) }),
      );
      child.stdin?.end();
    });
  }

  snapshot(namespace: string, { stands }: Command, more: readonly string[]): Promise<Snapshot> {
    const kinds = new Set([...STAY, ...stands.map(({ resource }) => resource), ...more]);
    return snapshotOf(this.#admin, namespace, kinds, signal());
  }

  /** Writes that stayed on one side, in the order in which they were sent. */
  written({ namespace }: Side, logged: number, user: 'admin' | 'gate'): readonly AuditEvent[] {
    return readAuditLog(this.plane.auditLogPath, logged).filter(
      (event) =>
        event.user.username === user &&
        (user === 'gate' || event.userAgent?.startsWith('kubectl') === true) &&
        stays(event) &&
        (event.objectRef?.namespace === namespace || requestName(event, '').includes(`${namespace}-`)),
    );
  }

  /** Pods and what lies in the whole cluster would be in the way of others. */
  async clear({ namespace }: Side, { stands }: Command): Promise<void> {
    const drop = (path: string, query: { readonly [name: string]: string } = {}): Promise<unknown> =>
      this.#admin.send({ method: 'DELETE', path, query, body: null }, signal()).catch(() => null);
    for (const kind of BUSY) await drop(pathOf(kind, namespace));
    const wide = stands.filter(({ object }) => nameOf(object).startsWith(`${NS}-`));
    for (const stand of wide) await drop(`${pathOf(stand.resource, namespace)}/${nameOf(objectIn(stand, namespace))}`);
  }
}
