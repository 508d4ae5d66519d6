// Runs the controllers: turns changes of objects into keys of work, and works until there is none left.
// Level-triggered like Kubernetes': a controller is told which object to look at, never what happened.
import type { KubeObject } from '../model.ts';
import type { Change } from '../storage.ts';
import type { World } from '../world.ts';

/** What a controller may ask of the manager while it works. */
export interface Agenda {
  /** Looks at this key again after so many simulated milliseconds at the latest; it may be asked earlier. */
  readonly after: (ms: number, key: string) => void;
}

export interface Controller {
  readonly name: string;
  /** The keys to look at because of a change. */
  readonly keys: (change: Change, world: World) => readonly string[];
  readonly reconcile: (world: World, key: string, agenda: Agenda) => void;
}

export interface Manager {
  /** Works off everything that is due now. */
  readonly settle: () => void;
  readonly stop: () => void;
}

/** `namespace/name` of an object; the namespace is empty for cluster-scoped ones. */
export function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

export function splitKey(key: string): { readonly namespace: string; readonly name: string } {
  const at = key.indexOf('/');
  return { namespace: key.slice(0, at), name: key.slice(at + 1) };
}

/** The keys of the controllers of a kind that own an object, as pods lead to their replica set. */
export function ownerKeys(object: KubeObject, kind: string): readonly string[] {
  return (object.metadata.ownerReferences ?? [])
    .filter((owner) => owner.kind === kind)
    .map((owner) => `${object.metadata.namespace ?? ''}/${owner.name}`);
}

/** Starts the controllers; `failed` is told of a controller that threw, which is then asked again a second later. */
export function startManager(
  world: World,
  controllers: readonly Controller[],
  failed: (controller: string, key: string, error: unknown) => void,
): Manager {
  const queues = controllers.map(() => new Set<string>());
  const timers = new Map<string, { readonly due: number; readonly cancel: () => void }>();
  let immediate: NodeJS.Immediate | null = null;
  let stopped = false;

  const wake = (): void => {
    immediate ??= stopped ? null : setImmediate(settle);
  };
  const enqueue = (at: number, key: string): void => {
    queues[at]?.add(key);
    wake();
  };
  // One timer a key, the earliest: a controller that is asked too early asks for the rest of its time again.
  const after = (at: number, ms: number, key: string): void => {
    const due = world.clock.now() + ms / world.speed;
    const id = `${at} ${key}`;
    const known = timers.get(id);
    if (known !== undefined && known.due <= due) return;
    known?.cancel();
    const cancel = world.clock.after(Math.max(1, Math.ceil(ms / world.speed)), () => {
      timers.delete(id);
      if (!stopped) enqueue(at, key);
    });
    timers.set(id, { due, cancel });
  };
  const unlisten = world.storage.listen((change) => {
    for (const [at, controller] of controllers.entries()) {
      for (const key of controller.keys(change, world)) enqueue(at, key);
    }
  });

  function work(at: number, key: string): void {
    const controller = controllers[at];
    if (controller === undefined) return;
    try {
      controller.reconcile(world, key, { after: (ms, later) => after(at, ms, later) });
    } catch (error) {
      failed(controller.name, key, error);
      after(at, 1000, key);
    }
  }

  function settle(): void {
    if (immediate !== null) clearImmediate(immediate);
    immediate = null;
    for (;;) {
      const at = queues.findIndex((queue) => queue.size > 0);
      const [key] = queues[at] ?? [];
      if (key === undefined || stopped) return;
      queues[at]?.delete(key);
      work(at, key);
    }
  }

  return {
    settle,
    stop: () => {
      stopped = true;
      unlisten();
      for (const { cancel } of timers.values()) cancel();
      if (immediate !== null) clearImmediate(immediate);
    },
  };
}
