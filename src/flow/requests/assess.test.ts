import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgingHere } from '../../../test/fakes/judging.ts';
import { setStage } from '../../../test/support/memory-gate.ts';
import { EMPTY_PART, NO_SECRETS } from '../../core/model/understanding.ts';
import { assess } from './assess.ts';

const QUESTION = {
  command: { kind: 'line', line: 'kubectl label widget web a=b' },
  files: new Map<string, Uint8Array>(),
  namespace: null,
  incident: null,
} as const;

/** Knows widgets once they were looked for; counts how often it was asked. */
const gateThat = (finds: boolean) => {
  let isKnown = false;
  let asked = 0;
  const { gate } = setStage();
  const judging = judgingHere(({ command }) => {
    asked += 1;
    const refusals = isKnown ? [] : [{ code: 'unknown-kind', about: 'widget' } as const];
    const text = command.kind === 'line' ? command.line : '';
    return { command: text, secretSpans: NO_SECRETS, parts: [EMPTY_PART], refusals };
  });
  const lookForKinds = (): Promise<boolean> => {
    isKnown = finds;
    return Promise.resolve(finds);
  };
  const context = { ...gate.context, lookForKinds };
  return { gate: { ...gate, judging, context }, asked: () => asked };
};

describe('a kind that nobody knows', () => {
  const signal = new AbortController().signal;
  const codesOf = async (gate: ReturnType<typeof gateThat>['gate']) => {
    const answer = await assess(gate, { ...QUESTION, files: new Map() }, { caller: 'a test', signal });
    assert.ok(answer.ok);
    return answer.value.spec.refusals.map(({ code }) => code);
  };

  test('is understood anew once it was found', async () => {
    const { gate, asked } = gateThat(true);
    assert.ok(!(await codesOf(gate)).includes('unknown-kind'));
    assert.equal(asked(), 2);
  });

  test('is refused where nobody finds it, without another try', async () => {
    const { gate, asked } = gateThat(false);
    assert.ok((await codesOf(gate)).includes('unknown-kind'));
    assert.equal(asked(), 1);
  });
});
