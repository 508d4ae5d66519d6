// A gate in memory whose forge people comment in: every person has the account of their id.
import { createCommentMemory, pollComments } from '../../src/flow/notify/listen-to-comments.ts';
import type { Store } from '../../src/ports/store.ts';
import { memoryStore } from '../fakes/store.ts';
import { CAST, setStage, type World } from './memory-gate.ts';

/** One dual proposal p-1 of the agent of ana, its issue 1 made and its status written. */
export const setCommentStage = async (store: Store = memoryStore(), world?: World) => {
  const stage = setStage(store, world);
  const accounts = (id: string) => ({ telegram: null, gitea: id });
  stage.setPeople({ ...CAST, people: CAST.people.map((person) => ({ ...person, accounts: accounts(person.id) })) });
  const memory = createCommentMemory();
  const poll = () => pollComments(stage.gate, stage.forge, memory, stage.never);
  const proposed = await stage.proposeText('scale production/web 0');
  if (!proposed.ok) throw new Error(proposed.refusal.code);
  await stage.tell();
  const { digest } = proposed.remediation.spec;
  const short = digest.slice(7, 19);
  /** The gate's own comments in issue 1: the status comment, and whatever should not be there. */
  const own = (issue = 1): readonly string[] =>
    stage.forge
      .comments(issue)
      .filter(({ author }) => author === 'blastgate')
      .map(({ text }) => text);
  /** Comments in issue 1, and lets the gate read it. */
  const comment = async (author: string, text: string): Promise<string> => {
    stage.clock.pass(1);
    const id = stage.forge.commentAs(author, 1, text);
    await poll();
    await stage.tell();
    return id;
  };
  return { ...stage, memory, poll, digest, short, own, comment };
};
export type CommentStage = Awaited<ReturnType<typeof setCommentStage>>;
