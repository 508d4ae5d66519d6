// What the event loop and a judging thread say to each other: questions and answers as bytes, whose size is known.
import { deserialize, serialize } from 'node:v8';
import { type Policy, type PolicyDocument, policyOf } from '../../core/blast-radius/policy.ts';
import type { Resource } from '../../core/model/resource.ts';
import type { JudgingTask, JudgingTasks } from '../../ports/judging.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface ThreadMessage {
  readonly task: JudgingTask;
  /** The question without its setting. */
  readonly question: Bytes;
  /** What has changed of what questions have in common. A policy is made anew at the other end, since it holds functions. */
  readonly setting: {
    readonly policy?: { readonly document: PolicyDocument; readonly cluster: string | null };
    readonly customResources?: readonly Resource[];
  };
}

export type ThreadReply =
  /** Once, when the thread has been loaded and is warm. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly answer: Bytes }
  | { readonly kind: 'too-large' }
  /** The judging threw: a bug. */
  | { readonly kind: 'failed'; readonly why: string };

/** A question with its setting apart. */
export interface Packed {
  readonly task: JudgingTask;
  readonly question: Bytes;
  readonly policy: Policy | null;
  readonly customResources: readonly Resource[] | null;
}

/** A copy of plain data. */
export function packed(value: unknown): Bytes {
  // as: it owns its memory, so that it can be handed to another thread.
  return serialize(value) as Bytes;
}

/** The data that `packed` was given. */
export function unpacked(bytes: Bytes): unknown {
  return deserialize(bytes);
}

export function pack<T extends JudgingTask>(task: T, asked: JudgingTasks[T]['asks']): Packed {
  const {
    policy = null,
    customResources = null,
    ...question
  } = {
    ...(asked as { readonly policy?: Policy; readonly customResources?: readonly Resource[] }),
  };
  return { task, question: packed(question), policy, customResources };
}

/** The end of a thread that asks: what it has sent of the setting is not sent again. */
export function createSender(): (one: Packed) => ThreadMessage {
  let [policy, customResources]: [Policy | null, readonly Resource[] | null] = [null, null];
  return (one) => {
    const newPolicy = one.policy !== null && one.policy !== policy ? one.policy : null;
    const newResources =
      one.customResources !== null && one.customResources !== customResources ? one.customResources : null;
    policy = one.policy ?? policy;
    customResources = one.customResources ?? customResources;
    return {
      task: one.task,
      question: one.question,
      setting: {
        ...(newPolicy === null ? {} : { policy: { document: newPolicy.document, cluster: newPolicy.cluster } }),
        ...(newResources === null ? {} : { customResources: newResources }),
      },
    };
  };
}

/** The end of a thread that answers: it remembers the setting, and gives each message's question whole. */
export function createReceiver(): (message: ThreadMessage) => JudgingTasks[JudgingTask]['asks'] {
  let [policy, customResources]: [Policy | null, readonly Resource[]] = [null, []];
  return ({ question, setting }) => {
    if (setting.policy !== undefined) {
      // One that cannot be made leaves none, never the one before.
      policy = null;
      policy = policyOf(setting.policy.document, setting.policy.cluster);
    }
    customResources = setting.customResources ?? customResources;
    // as: what `pack` took apart, put together again.
    return { ...(unpacked(question) as object), policy, customResources } as JudgingTasks[JudgingTask]['asks'];
  };
}
