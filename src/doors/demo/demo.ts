// The demo: starts the world, plays the stories, says what to try next, stays until it is told to end.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plainLine } from '../../core/text/escape.ts';
import { consoleLink } from '../console-link.ts';
import type { Terminal } from '../terminal/command.ts';
import { expectOk } from '../terminal/gate-client.ts';
import { type Paint, painter } from '../terminal/paint.ts';
import type { ComparisonResult } from './compare.ts';
import { wrap } from './layout.ts';
import { type Beat, play, type Tell } from './play.ts';
import { peerClient, type Speaker } from './stage.ts';
import { AGENT, CAST, PEOPLE_NAMES, type Story } from './story.ts';
import { teller } from './tell.ts';
import { watchPauses } from './watch-pauses.ts';
import { startWorld, type World } from './world.ts';

export interface Demo {
  readonly stories: readonly Story[];
  readonly terminal: Terminal;
  readonly width: number;
  /** `stay`: until `signal`; `leave`: when the stories are told. */
  readonly afterwards: 'stay' | 'leave';
  /** Ends the demo, whatever it is doing. */
  readonly signal: AbortSignal;
}

/** 0: all went as promised; 1: a promise was broken; 130: ended before all was told. */
export async function runDemo({ stories, terminal, width, afterwards, signal }: Demo): Promise<0 | 1 | 130> {
  const paint = painter(terminal);
  const out = (lines: readonly string[]): void => terminal.out(lines.map((line) => `${line}\n`).join(''));
  const began = performance.now();
  const world = await startWorld(terminal.env);
  try {
    out(opening(world, paint, width));
    out(await consoleLinks(world, paint));
    const checks: ComparisonResult[] = [];
    let shown = '';
    for (const [i, story] of stories.entries()) {
      const tell = teller({ paint, width, out: terminal.out }, `${i + 1} of ${stories.length}`);
      const listen = (beat: Beat): void => {
        // The one with the most to show: its votes, its issue, its rollback.
        if (beat.kind === 'review') shown = beat.proposal;
        tell(beat);
      };
      checks.push(...(await played(story, world, listen, signal)));
    }
    const broken = checks.filter(({ instead }) => instead !== null).length;
    out(closing(stories.length, checks.length, broken, (performance.now() - began) / 1000, paint));
    if (afterwards === 'stay') {
      // Else the next two who try something that fails would find the gate paused, by failures that were meant.
      expectOk(await peerClient(world.stage).call(AGENT.owner, 'POST', '/resume', {}));
      out([...whatNext(world, shown, paint), '', ...(await consoleLinks(world, paint))]);
      out([paint('Ctrl-C ends everything and removes the folder.', 'bold')]);
      await watchPauses(peerClient(world.stage), {
        onPaused: (about) => out(['', ...howToResume(world, about, paint)]),
        signal,
      });
      out(['', 'The demo ends; its folder is removed.']);
    }
    return broken === 0 ? 0 : 1;
  } catch (error) {
    if (!signal.aborted) throw error;
    out(['', 'Interrupted; the demo ends and its folder is removed.']);
    return 130;
  } finally {
    await world.stop();
  }
}

/** A story that a door cut short is a broken promise like any other: the rest is told all the same. */
const played = async (
  story: Story,
  { stage }: World,
  tell: Tell,
  signal: AbortSignal,
): Promise<readonly ComparisonResult[]> => {
  try {
    return await play(story, stage, tell, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    const instead = error instanceof Error ? error.message : String(error);
    const checks: readonly ComparisonResult[] = [{ promise: `${story.incident} is played to its end`, instead }];
    tell({ kind: 'compared', checks });
    return checks;
  }
};

const opening = ({ stage, issuesUrl, kubeconfigPath }: World, paint: Paint, width: number): readonly string[] => {
  const people = PEOPLE_NAMES.map((name) => CAST[name].name).join(', ');
  return [
    paint('Blastgate', 'bold'),
    ...wrap(
      'A safety gate between automation and a Kubernetes cluster. Incidents of every tier. The gate is real; ' +
        'the cluster, the forge and the chat around it are small ones in this process, on loopback, thrown away at the end.',
      width,
    ),
    '',
    `  gate      ${stage.gateUrl}`,
    `  cluster   KUBECONFIG=${kubeconfigPath}`,
    `  forge     ${issuesUrl}`,
    `  people    ${people}`,
    `  agent     ${AGENT.id}, for whom ${CAST[AGENT.owner].name} answers`,
    '',
  ];
};

/** Two people may approve what the agent proposes, each in a browser window of their own. */
const consoleLinks = async ({ stage }: World, paint: Paint): Promise<readonly string[]> => {
  const made = await Promise.all(
    (['ben', 'mei'] as const).map(async (name) => {
      const { token } = expectOk(await peerClient(stage).call(name, 'POST', '/login-links', {}));
      return `  ${CAST[name].name.padEnd(10)}  ${consoleLink(stage.gateUrl, typeof token === 'string' ? token : '')}`;
    }),
  );
  return [paint('Open the console (each link logs in once, within five minutes):', 'bold'), ...made, ''];
};

const closing = (stories: number, checks: number, broken: number, seconds: number, paint: Paint): readonly string[] => {
  const time = `${seconds.toFixed(0)} s`;
  return broken === 0
    ? [
        paint(
          `Done: ${stories} of ${stories} stories, ${checks} of ${checks} expectations hold (${time}).`,
          'green',
          'bold',
        ),
      ]
    : [paint(`${broken} of ${checks} expectations do not hold (${time}).`, 'red', 'bold')];
};

/** The owner of the agent has the right `admin` here. */
const howToResume = ({ folder }: World, about: string, paint: Paint): readonly string[] => [
  paint(`The gate has paused itself: ${plainLine(about)}.`, 'red', 'bold'),
  `Nothing new starts until ${CAST[AGENT.owner].name} resumes it, in another terminal:`,
  `  . ${join(folder, `${AGENT.owner}.env`)} && npx blastgate resume`,
];

/** Commands to copy, with the addresses and tokens of this run in files that a shell can read. */
const whatNext = (world: World, shown: string, paint: Paint): readonly string[] => {
  const { stage, folder, dataDir, kubeconfigPath } = world;
  const speakers: readonly Speaker[] = [AGENT.id, ...PEOPLE_NAMES];
  for (const speaker of speakers) {
    const lines = [`export BLASTGATE_URL=${stage.gateUrl}`, `export BLASTGATE_TOKEN=${stage.tokens[speaker]}`];
    writeFileSync(join(folder, `${speaker}.env`), `${lines.join('\n')}\n`, { mode: 0o600 });
  }
  const comment = (text: string): string => `  ${paint(`# ${text}`, 'dim')}`;
  const say = (from: number, text: string): string =>
    `  curl -s ${stage.chatRoot}/sandbox/say -H 'content-type: application/json' \\\n    -d '{"from": ${from}, "text": "${text}"}'`;
  return [
    '',
    paint('The gate stays up. In another terminal, from this folder:', 'bold'),
    '',
    comment('the cluster, by kubectl'),
    `  kubectl --kubeconfig ${kubeconfigPath} get deployments -A`,
    '',
    comment(`propose as the agent ${AGENT.id}`),
    `  . ${join(folder, `${AGENT.id}.env`)}`,
    '  npx blastgate propose --incident INC-2001 -- \\',
    '    kubectl scale deployment/api --replicas=5 -n production',
    '',
    comment('one that two people must agree to: look at it in the console'),
    '  npx blastgate propose --incident INC-2002 -- \\',
    '    kubectl scale deployment/api --replicas=0 -n production',
    '',
    comment(`approve as ${CAST.ben.name}: by the command line, or else in the chat`),
    `  . ${join(folder, 'ben.env')}`,
    '  npx blastgate approve INC-2001',
    say(CAST.ben.account, '/approve INC-2001'),
    '',
    comment('a new link to the console'),
    '  npx blastgate login ben',
    '',
    comment(
      `after several failures the gate pauses itself; ${CAST[AGENT.owner].name} lets it go on (the stories' failures do not count)`,
    ),
    `  . ${join(folder, `${AGENT.owner}.env`)}`,
    '  npx blastgate resume',
    '',
    comment('look back'),
    '  npx blastgate list',
    `  npx blastgate show ${shown}`,
    '  npx blastgate outcomes',
    `  BLASTGATE_DATA=${dataDir} npx blastgate audit verify`,
    '',
    ...speakers.map((speaker) => `  ${paint(`${speaker}'s token`.padEnd(16), 'dim')}${stage.tokens[speaker]}`),
    '',
    `OpenAPI: ${stage.gateUrl}/v1/openapi.json   Log: ${join(folder, 'gate.log')}`,
  ];
};
