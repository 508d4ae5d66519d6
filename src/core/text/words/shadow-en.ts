// What people read of shadow mode, in English.
import type { ShadowWords } from './shadow.ts';

export const shadowEn = {
  notice: (what) => `SHADOW MODE: requests through the proxy are observed, not decided: ${what}`,
  everything: 'all of them, as long as this gate runs with --shadow',
  rule: (agents, namespaces, until) =>
    `${agents === null ? 'every agent' : `agents ${agents}`}${namespaces === null ? '' : ` in namespaces ${namespaces}`} until ${until}`,
  digest: (hours, passed) => `Shadow mode, the last ${hours} hours: ${passed} requests reached the cluster undecided.`,
  wouldHave: (auto, human, dual, blocked) =>
    `The gate would have said: auto ${auto}, one person ${human}, two people ${dual}, blocked ${blocked}.`,
  refused: (count) => `${count} were refused all the same: a core hard rule, or a request that cannot be read.`,
  look: 'Look with `blastgate outcomes --shadow`.',
  none: 'nothing was observed yet',
  title: 'observed in shadow mode, by what the gate would have said',
  columns: {
    proposer: 'PROPOSER',
    action: 'ACTION',
    auto: 'AUTO',
    human: 'HUMAN',
    dual: 'DUAL',
    blocked: 'BLOCKED',
    refused: 'REFUSED',
  },
} as const satisfies ShadowWords;
