// A namespace in which others do what spoils an action, and the gate's ports on it, with the gate's own rights.
import assert from 'node:assert/strict';
import { openCluster } from '../../src/adapters/cluster/client.ts';
import type { Direction } from '../../src/core/approval/permit.ts';
import type { JsonObject } from '../../src/core/model/json.ts';
import type { WriteResult } from '../../src/core/remediation/event.ts';
import type { DeclarativeSpec } from '../../src/core/sealed-spec/declarative-spec.ts';
import type { Stand } from '../differential/objects.ts';
import { pathOf } from '../differential/snapshot.ts';
import type { ControlPlane } from '../servers/kubernetes.ts';
import { type ClusterUnderTest, Neighbourhood, permitFor, portsOf, signal } from '../support/cluster-under-test.ts';

const INTENT = { at: '2026-11-22T19:25:14.000Z' };

// biome-ignore lint/suspicious/noExplicitAny: objects of a cluster, read by tests only
type Any = any;

type Ports = Pick<ClusterUnderTest, 'reader' | 'writer' | 'writerAfter' | 'writerSending'>;

/** What somebody else does, and what the gate does, in one namespace. */
export class Trap {
  readonly shop: Neighbourhood;
  readonly ports: Ports;

  private constructor(shop: Neighbourhood, ports: Ports) {
    this.shop = shop;
    this.ports = ports;
  }

  static async open(plane: ControlPlane, namespace: string, user: 'gate' | 'admin' = 'gate'): Promise<Trap> {
    const shop = new Neighbourhood((...one) => plane.request('admin', ...one), namespace);
    await shop.open();
    const client = await openCluster({ kubeconfig: plane.kubeconfigPath(user), serviceHost: null });
    return new Trap(shop, portsOf(client));
  }

  path(resource: string, name: string): string {
    return `${pathOf(resource, this.shop.namespace)}/${name}`;
  }

  /** Makes an object, and waits until a workload is rolled out. */
  async make({ resource, object }: Stand): Promise<void> {
    await this.shop.ask('POST', pathOf(resource, this.shop.namespace), object);
    const plural = resource.split('.', 1)[0] ?? '';
    const { paused = false } = (object['spec'] ?? {}) as { readonly paused?: boolean };
    if (/^(?:deployments|statefulsets|daemonsets)$/.test(plural) && !paused)
      await this.shop.atRest(plural, String((object['metadata'] as JsonObject)['name']));
  }

  read(resource: string, name: string): Promise<Any> {
    return this.shop.ask('GET', this.path(resource, name));
  }

  async isThere(resource: string, name: string): Promise<boolean> {
    return (await this.shop.call('GET', this.path(resource, name))).status === 200;
  }

  /** Somebody else changes it. */
  change(resource: string, name: string, body: object): Promise<Any> {
    return this.shop.ask('PATCH', this.path(resource, name), body, 'application/merge-patch+json');
  }

  /** Somebody else deletes it, and makes another of its name. */
  async replace(stand: Stand): Promise<string> {
    const name = String((stand.object['metadata'] as JsonObject)['name']);
    await this.shop.ask('DELETE', `${this.path(stand.resource, name)}?propagationPolicy=Background`);
    for (let i = 0; i < 400 && (await this.isThere(stand.resource, name)); i += 1)
      await new Promise((done) => setTimeout(done, 25));
    await this.make(stand);
    return (await this.read(stand.resource, name)).metadata.uid;
  }

  seal(command: string, files?: ReadonlyMap<string, string>): Promise<DeclarativeSpec> {
    return this.shop.seal(this.ports.reader, command, this.ports.writer, files);
  }

  write(spec: DeclarativeSpec, direction: Direction = 'forward', writer = this.ports.writer): Promise<WriteResult> {
    return writer.write(permitFor(spec, direction), { ...INTENT, revealed: this.shop.revealed }, signal());
  }

  found(spec: DeclarativeSpec, direction: Direction = 'forward'): Promise<string> {
    return this.ports.writer.wasWritten(
      permitFor(spec, direction),
      { ...INTENT, revealed: this.shop.revealed },
      signal(),
    );
  }

  /** Carried out well. */
  async done(spec: DeclarativeSpec, direction: Direction = 'forward'): Promise<void> {
    assert.equal(spec.rehearsed, 'passed', `${spec.rehearsedWhy}`);
    const result = await this.write(spec, direction);
    assert.equal(result.outcome, 'written', JSON.stringify(result));
  }
}

/** "stale pre-image-changed", "refused": how a write ended. */
export const endedAs = (result: WriteResult): string =>
  result.outcome === 'stale' ? `stale ${result.code}` : result.outcome;
