// A gate and its settings → the HTTP door that listens: API, console, login, readiness, metrics, MCP.
import { isLoopback } from '../../core/model/host.ts';
import type { Gate } from '../../flow/gate.ts';
import type { WebhookSource } from '../../ports/webhook.ts';
import type { ChainCheck } from '../http/chain-check.ts';
import type { ListeningServer } from '../http/listen.ts';
import type { Ready } from '../http/readiness.ts';
import { SYSTEM_WAIT_CLOCK } from '../mcp/wait-clock.ts';
import type { Measures } from '../measures/measures.ts';
import { OPEN } from '../open-peers.ts';
import type { OpenedShare } from '../open-share.ts';
import type { Settings } from '../settings.ts';
import { versionOfPackage } from '../version.ts';
import { CannotStart } from './cannot-start.ts';
import type { Tuning } from './tuning.ts';

/** What the door is asked beside the API. */
export interface HttpDoorParts {
  readonly shares: readonly OpenedShare[];
  readonly measures: Measures;
  readonly hooks: readonly WebhookSource[];
  readonly checkChain: ChainCheck;
  /** What whoever looks at a ready gate should know. */
  readonly notes: () => readonly string[];
  /** What else there is to say, as Prometheus text. */
  readonly more: () => string;
  readonly ending: AbortSignal;
}

/** Listens. Throws CannotStart. */
export async function openHttpDoor(
  gate: Gate,
  settings: Settings,
  tuning: Tuning,
  parts: HttpDoorParts,
): Promise<ListeningServer> {
  const [{ httpApp }, { CannotListen, listen }, { readiness }, { serveMcp }] = await Promise.all([
    import('../http/app.ts'),
    import('../http/listen.ts'),
    import('../http/readiness.ts'),
    import('../mcp/http.ts'),
  ]);
  const version = versionOfPackage();
  const { ending, measures, hooks, checkChain } = parts;
  const ready = readiness(gate, ending, parts.notes);
  const app = httpApp(gate, {
    version,
    ready,
    ending,
    streams: tuning.streams,
    login: await loginOf(settings, tuning),
    metrics: await metricsOf(gate, parts, { version, ready }),
    answered: (request) => measures.answered(request),
    hooks,
    checkChain,
  });
  serveMcp(app, gate, {
    version,
    hosts: settings.hosts,
    waits: tuning.streams.perToken,
    clock: SYSTEM_WAIT_CLOCK,
    ending,
  });
  return listen(app, settings.listen).catch((error: unknown) => {
    throw error instanceof CannotListen ? new CannotStart([error.message]) : error;
  });
}

/** The whole of /metrics, made at most once a beat. */
const metricsOf = async (
  gate: Gate,
  { shares, measures, more, ending }: HttpDoorParts,
  { version, ready }: { readonly version: string; readonly ready: () => Promise<Ready> },
): Promise<() => Promise<string>> => {
  const [{ onceABeat }, { knowledgeText, metricsText }] = await Promise.all([
    import('../http/beat.ts'),
    import('../http/metrics.ts'),
  ]);
  return onceABeat(gate.clock, async () => {
    const { ok } = await ready();
    return [
      await metricsText(gate, version, ending, ok ? 'ready' : 'not ready'),
      knowledgeText(shares.map(({ share, health }) => ({ cluster: share.clusterName, kinds: health() }))),
      measures.text(),
      more(),
    ].join('');
  });
};

/** Where people reach the console; on loopback, unless it is said, where the gate listens. */
export function consoleUrlOf({ login, url, listen: { host } }: Settings, listens: string): string | null {
  if (login.oidc !== null) return new URL(login.oidc.redirectUrl).origin;
  return url ?? (isLoopback(host) ? listens : null);
}

/** How people log in to the console of this gate. */
const loginOf = async ({ hosts, login, listen: { host }, dataDir }: Settings, { demo }: Tuning) => {
  const { CONSOLE_FOLDER } = await import('../http/console-page.ts');
  const { oidc } = login;
  // Beside an issuer a link would be a way past it.
  const takesLinks = oidc === null && (login.links === 'links' || isLoopback(host));
  return {
    hosts: oidc === null ? hosts : [...hosts, new URL(oidc.redirectUrl).hostname],
    links: takesLinks ? await OPEN.loginLinks(dataDir) : null,
    oidc: oidc === null ? null : { provider: await OPEN.identity(oidc), redirectUrl: oidc.redirectUrl },
    demo,
    folder: CONSOLE_FOLDER,
  };
};
