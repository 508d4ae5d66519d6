// The addresses of the pause switches: of the whole gate, or of one of its clusters.
import { z } from '@hono/zod-openapi';
import { within } from '../../flow/deadline.ts';
import { type Gate, gateNamed, switchOf } from '../../flow/gate.ts';
import { type App, serveEndpoint } from './endpoint.ts';
import { refusalProblem } from './problem.ts';

const PauseRequest = z
  .strictObject({
    cluster: z
      .string()
      .min(1)
      .max(63)
      .optional()
      .openapi({ description: 'One of several clusters; all where left out.' }),
  })
  .openapi('PauseRequest');

const Paused = z
  .object({
    paused: z.boolean().openapi({ description: 'Where the switch stands that was asked for.' }),
    changed: z.boolean().openapi({ description: 'False: it stood so already, and the trail has no line of it.' }),
    gate: z.boolean().openapi({ description: 'Whether the whole gate is paused, all clusters with it.' }),
    clusters: z
      .array(z.string())
      .openapi({ description: 'Clusters that are paused by themselves: they stay so when the gate is resumed.' }),
  })
  .openapi('Paused');

export function servePause(app: App, gate: Gate): void {
  serveSwitch(app, gate, { path: '/v1/pause', to: 'paused', summary: 'Starts nothing new; rollbacks go on.' });
  serveSwitch(app, gate, { path: '/v1/resume', to: 'running', summary: 'Lets work start again.' });
}

interface SwitchTo {
  readonly path: string;
  readonly to: 'paused' | 'running';
  readonly summary: string;
}

const serveSwitch = (app: App, gate: Gate, { path, to, summary }: SwitchTo): void =>
  serveEndpoint(
    app,
    {
      method: 'post',
      path,
      right: 'admin',
      summary,
      body: PauseRequest,
      query: null,
      answers: { 200: { description: 'Where the switch stands.', schema: Paused } },
    },
    async ({ body, identity, c, signal }) => {
      const named = body.cluster === undefined ? null : gateNamed(gate, body.cluster);
      if (named?.ok === false) return refusalProblem(c, named.refusal);
      let changed = false;
      for (const cluster of switchesFor(gate, to, named === null ? null : switchOf(named.gate))) {
        const note = {
          kind: 'note',
          at: new Date(gate.clock.now()).toISOString(),
          what: to,
          who: identity.proposer.id,
          about: cluster === null ? 'the gate' : `the cluster ${cluster}`,
          ...(cluster === null ? {} : { cluster }),
        } as const;
        if (await gate.store.controls.setPaused(to, note, within('store', signal))) changed = true;
      }
      if (changed) gate.wakeSignal.notify();
      return c.json({ paused: to === 'paused', changed, ...(await switchesOf(gate, signal)) });
    },
  );

/** The only cluster of a gate runs again with the gate, though it was paused by its name while there were several. */
const switchesFor = (
  { clusters, clusterName }: Gate,
  to: SwitchTo['to'],
  asked: string | null,
): readonly (string | null)[] =>
  to === 'running' && clusters === undefined && clusterName !== null ? [null, clusterName] : [asked];

/** Where all switches stand now; of clusters, those that the gate still looks after. */
const switchesOf = async (gate: Gate, signal: AbortSignal) => {
  const known = gate.clusters?.().names ?? [gate.clusterName];
  const [isGatePaused, clusters] = await Promise.all([
    gate.store.controls.paused(null, within('store', signal)),
    gate.store.controls.pausedClusters(within('store', signal)),
  ]);
  return { gate: isGatePaused, clusters: clusters.filter((name) => known.includes(name)) };
};
