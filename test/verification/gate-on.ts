// A whole gate over a real or sandbox cluster: what is proposed is approved by two people and carried to its end. For tests only.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { openCluster } from '../../src/adapters/cluster/client.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { DEFAULT_POLICY } from '../../src/core/blast-radius/default-policy.ts';
import { policyOf } from '../../src/core/blast-radius/policy.ts';
import type { Refusal } from '../../src/core/model/refusal.ts';
import type { Remediation } from '../../src/core/remediation/remediation.ts';
import { isFinal } from '../../src/core/remediation/state.ts';
import type { DeclarativeSpec } from '../../src/core/sealed-spec/declarative-spec.ts';
import type { Gate } from '../../src/flow/gate.ts';
import { assess } from '../../src/flow/requests/assess.ts';
import { propose } from '../../src/flow/requests/propose.ts';
import { recordVote } from '../../src/flow/requests/record-vote.ts';
import { createWakeSignal } from '../../src/flow/wake-signal.ts';
import type { ClusterReader } from '../../src/ports/cluster-reader.ts';
import type { ClusterWriter } from '../../src/ports/cluster-writer.ts';
import { judgingHere } from '../fakes/judging.ts';
import type { ControlPlane } from '../servers/kubernetes.ts';
import { type Call, Neighbourhood, portsOf } from '../support/cluster-under-test.ts';
import { HEALER, setStage } from '../support/memory-gate.ts';
import { nextOfAll } from '../support/next-of-all.ts';

const never = new AbortController().signal;

export interface GateOn {
  readonly gate: Gate;
  /** Proposes, approves and carries it to its end; `during` happens once it is written. */
  readonly run: (command: string, during?: () => Promise<unknown>) => Promise<Remediation>;
  /** What would be proposed, sealed. */
  readonly seal: (command: string) => Promise<DeclarativeSpec>;
  /** What a proposal is refused for; [] when it is open. */
  readonly refusals: (command: string) => Promise<readonly Refusal[]>;
}

/** The base window is short, so that a test sees what a person would wait minutes for. */
export const gateOn = (
  ports: { readonly reader: ClusterReader; readonly writer: ClusterWriter },
  namespace: string,
  windowSeconds = 6,
): GateOn => {
  const stage = setStage();
  let made = 0;
  const gate: Gate = {
    ...stage.gate,
    ...ports,
    clock: systemClock,
    wakeSignal: createWakeSignal(systemClock),
    specSettings: { ...stage.gate.specSettings, convergeWithinSeconds: windowSeconds },
    verdictRule: { settleSeconds: 2, certainAfterSeconds: 4 },
    context: { namespace, customResources: [] },
    judging: judgingHere(),
    // These tests are about failures, and each is one.
    policy: policyOf({ ...DEFAULT_POLICY.document, breaker: { failures: 1000, withinMinutes: 1 } }, null),
  };
  const read = async (id: string): Promise<Remediation> => {
    const found = await gate.store.remediations.read(id, never);
    assert.ok(found !== null);
    return found;
  };
  const proposeLine = (line: string) => {
    made += 1;
    const command = { kind: 'line', line } as const;
    const request = {
      command,
      files: new Map(),
      namespace,
      incident: `INC-${made}`,
      proposer: HEALER,
      diagnosis: null,
      mayStill: () => true,
    };
    return propose(gate, request, never);
  };
  return {
    gate,
    run: async (line, during) => {
      const proposed = await proposeLine(line);
      assert.ok(proposed.ok, `${line}: ${JSON.stringify(proposed)}`);
      const { id, spec } = proposed.remediation;
      for (const who of ['ben', 'cho']) {
        const word = { proposal: id, person: who, account: who, channel: 'http', decision: 'approve' } as const;
        await recordVote(
          gate,
          { ...word, digest: spec.digest, reason: null, proof: { kind: 'token' as const } },
          never,
        );
      }
      let waits = during;
      for (;;) {
        const now = await read(id);
        if (isFinal(now.state)) return now;
        if (waits !== undefined && now.state === 'verifying') {
          await waits();
          waits = undefined;
        }
        const found = await nextOfAll(gate, never);
        if (found.kind === 'nothing') await pause(100);
        else await found.take();
      }
    },
    seal: async (line) => {
      const command = { kind: 'line', line } as const;
      const question = { command, files: new Map(), namespace, incident: null };
      const judged = await assess(gate, question, { caller: 'a test', signal: never });
      assert.ok(judged.ok);
      return judged.value.spec;
    },
    refusals: async (line) => {
      const proposed = await proposeLine(line);
      return proposed.ok ? proposed.remediation.spec.refusals : [proposed.refusal];
    },
  };
};

/** One line of everything that tells how it went, for a failing assertion. */
export const story = ({ state, verdict, backVerdict, refusal, forward, back, spec }: Remediation): string =>
  JSON.stringify({
    state,
    verdict,
    backVerdict,
    refusal,
    forward: forward?.why,
    back: back?.why,
    plan: spec.rollbackPlan.command,
  });

/** A namespace of its own on a control plane, and a gate over it that has the rights of the gate and no more. */
export const openGateOn = async (
  plane: ControlPlane,
  namespace: string,
  windowSeconds?: number,
): Promise<{ readonly shop: Neighbourhood; readonly on: GateOn }> => {
  const call: Call = (...one) => plane.request('admin', ...one);
  const shop = new Neighbourhood(call, namespace);
  await shop.open();
  const client = await openCluster({ kubeconfig: plane.kubeconfigPath('gate'), serviceHost: null });
  return { shop, on: gateOn(portsOf(client), namespace, windowSeconds) };
};
