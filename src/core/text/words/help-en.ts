// What `blastgate COMMAND --help` says, in English.
import type { HelpWords } from './help.ts';

export const helpEn = {
  about: 'The safety gate between automation and a Kubernetes cluster.',
  usage: 'usage',
  oneOfThem: 'Run `blastgate help COMMAND` for options, an example and exit codes of one of them.',
  options: 'options',
  example: 'example',
  exitCodes: 'exit codes',
  exits: {
    done: 'it is done',
    auto: 'auto: it runs without asking anyone',
    broken: 'something failed; the message on stderr says what',
    usage: 'the options or arguments are wrong',
    'not-proven': 'nothing was found, but not everything could be looked at',
    disproven: 'it can change the cluster past the gate',
    human: 'human: one person must approve; or auto, but it cannot be executed',
    dual: 'dual: two people must approve',
    blocked: 'blocked: it never runs',
    refused: 'the gate refused the proposal',
  },
  common: {
    output: 'how the answer is printed',
    policy: 'a policy file in place of BLASTGATE_POLICY or the built-in policy',
    namespace: 'the namespace where the command names none',
    command: 'the command as one line of shell, in place of the words behind --',
    request: 'a file with a request to the Kubernetes API as one JSON object, in place of a command',
    stdin: 'reads one command a line from standard input and prints one JSON object a line',
    help: 'prints this text',
  },
  commands: {
    score: { summary: 'work out the blast radius of a command, without a cluster', options: {} },
    evaluate: {
      summary: 'seal a command into a declarative spec',
      options: {
        explain: 'also prints what is touched and what depends on it',
        diff: 'prints what would change, as a diff of YAML, and nothing else; needs --kubeconfig',
        window:
          'how long the change may stand still before it counts as failed: 5 to 3600 seconds; as the gate is set if not given',
        incident: 'the incident that the spec names',
        cluster: 'the name of the cluster that the spec names; a policy may have rules for it',
        kubeconfig: 'asks this cluster for facts; without it no cluster is asked',
      },
    },
    propose: {
      summary: 'propose a command to a running gate',
      options: {
        incident: 'the incident that the command is for (needed)',
        diagnosis: 'what you think is wrong; people read it, nothing else does',
        window:
          'how long the change may stand still before it counts as failed: 5 to 3600 seconds; as the gate is set if not given',
        cluster: 'the cluster that it is for, where the gate looks after several',
        wait: 'waits until the proposal has ended, and prints its steps on stderr',
      },
    },
    status: { summary: 'the state of a proposal and what it waits for', options: {} },
    list: {
      summary: 'the proposals, newest first',
      options: {
        state: 'only those in this state; `blastgate explain` lists the states',
        incident: 'only those of this incident',
        limit: 'so many a page: 1 to 200, 50 if not given',
        cursor: 'the next page, as the last line of the page before names it',
      },
    },
    show: { summary: 'a proposal with its plan, reasons, votes and events', options: {} },
    approve: {
      summary: 'approve a proposal',
      options: {
        digest: 'the digest that you have read, or its first 6 or more digits',
        reason: 'why; it is kept with the vote',
      },
    },
    reject: {
      summary: 'reject a proposal; one rejection is enough',
      options: {
        reason: 'why it must not run (needed)',
        digest: 'the digest that you have read, or its first 6 or more digits',
      },
    },
    'break-glass': {
      summary: 'in an emergency, stand alone for all missing approvals; everyone is told, and it stays marked',
      options: {
        digest: 'the digest, or its first digits; without it the one that stands now',
        reason: 'why it cannot wait',
      },
    },
    cancel: { summary: 'take a proposal back before it is approved', options: {} },
    outcomes: {
      summary: 'how the actions that reached the cluster went',
      options: {
        shadow: 'what was only observed in shadow mode, by what the gate would have said',
        limit: 'so many a page: 1 to 200, 50 if not given',
        cursor: 'the next page, as the last line of the page before names it',
      },
    },
    pause: {
      summary: 'start nothing new; rollbacks go on',
      options: { cluster: 'this one of several clusters alone' },
    },
    resume: { summary: 'let work start again', options: { cluster: 'this one of several clusters alone' } },
    audit: {
      summary: 'list, verify, export or archive the audit trail',
      options: {
        incident: 'list: only lines of this incident',
        event: 'list: only lines of this event (voted), or that tell of this (paused)',
        since: 'list and export: only lines from this time on (2026-11-26T13:00Z), or of the last 30m, 12h or 7d',
        limit: 'list: only the newest so many lines',
        head: 'verify: the trail must contain this line, as a review issue printed it',
        format: 'export: JSON lines as they are hashed (json, if not given), CEF:0 (cef), or OCSF 1.3.0 (ocsf)',
        until: 'export: only lines before this time (2026-11-26T13:00Z), or older than 30m, 12h or 7d',
        out: 'export: into this new file, which only its owner may read',
        before: 'prune: lines from before this time (2026-11-26T13:00Z), or older than 90d, go into the archive',
        archive:
          'prune: the folder that they go to (archive in BLASTGATE_DATA); verify: the archive too, joined to the trail',
        'archive-from': 'verify: the first line that you keep in the archive; lines before it may be missing',
      },
    },
    policy: {
      summary: 'check a policy file, test golden cases against it, or say who could approve a command by it',
      options: {
        as: "the agent or person that would propose it: they, and an agent's owner, do not count",
        cluster: 'explain: the cluster that it is for, with what policy and BLASTGATE_CLUSTERS have of its own',
      },
    },
    replay: {
      summary: 'read audit logs, and count what a gate would have said to each action in them',
      options: {
        shadow: 'reads what a running gate observed in shadow mode, in place of files',
        against: 'a second policy file: also prints each tier that differs from it, with its reasons',
        html: 'also writes the report to this file, as one page that needs no network',
      },
    },
    explain: { summary: 'what a code means and what to do about it; without a code, all of them', options: {} },
    doctor: {
      summary: 'check cluster, store, forge, chat, people and clock; or what an agent can do past the gate',
      options: { agent: 'prove instead what the identity of this kubeconfig can change in the cluster past the gate' },
    },
    'guard-executor': {
      summary: 'print what makes the API server ask the gate before its own account writes',
      options: {
        'next-ca': 'make the next CA; both are trusted from now on',
        'switch-ca': 'use the next CA from now on',
        client: 'print instead the files by which an API server proves who it is',
        account: 'the account of the gate; system:serviceaccount:blastgate:blastgate if not given',
        cluster: 'the cluster whose API server asks, where the gate looks after several',
      },
    },
    store: {
      summary: 'check what the gate remembers as it lies, or copy it to another store that is empty',
      options: {},
    },
    login: { summary: 'make a link by which a person logs in to the console once', options: {} },
    token: { summary: 'make a new bearer token and its hash for people.yaml', options: {} },
    kubeconfig: {
      summary: 'print the kubeconfig by which an agent reaches the cluster through the proxy',
      options: {
        incident: 'every write belongs to this incident; without it, to one of the agent and the day',
        cluster: 'for this cluster alone; without it, a context for each that the proxy stands before',
      },
    },
    completion: { summary: 'completion for bash, zsh or fish', options: {} },
    serve: {
      summary: 'run the gate',
      options: {
        cluster: 'the name of this cluster; specs show it, and a policy may have rules for it',
        window: 'how long a change may stand still before it counts as failed: 5 to 3600 seconds, 120 if not given',
        shadow: 'only observes: requests through the proxy pass with the rights of the agent (docs/shadow.md)',
        'max-age': 'how old what is known of the cluster may be: 15 to 600 seconds, 60 if not given',
      },
    },
    mcp: { summary: 'serve the tools of an agent over stdin and stdout (MCP)', options: {} },
    demo: {
      summary: 'start a gate with a sandbox cluster and play its stories',
      options: {
        once: 'ends after the stories; not 0 when one expectation does not hold',
        story: 'approvals: teams, a freeze and break-glass, and then it ends',
      },
    },
    sandbox: {
      summary: 'start the sandbox cluster alone',
      options: {
        port: 'the port to listen on; a free one if not given',
        kubeconfig: 'the file that a kubeconfig for it is written to',
      },
    },
  },
} as const satisfies HelpWords;
