// What a policy file may say, key by key, and what to do where it says something else; policy/schema.json is made of
// it.
import { z } from 'zod';
import { NAMESPACE_CLASSES } from '../../core/blast-radius/namespace-class.ts';
import {
  BUDGET_SCOPES,
  DUAL_KEYS,
  EVIDENCE,
  EXTENDED_RULES,
  MODIFIERS,
  NAMESPACE_KINDS,
  type PolicyDocument,
} from '../../core/blast-radius/policy.ts';
import { freezeTimesProblem, TIME_HELP } from '../../core/decision/freeze-window.ts';
import { CHANNELS, STRENGTHS } from '../../core/model/channel.ts';
import { ACTION_KINDS } from '../../core/model/effect.ts';
import { comparisonOf } from '../../core/model/health-check.ts';

/** Highest limits that law allows (scoring section 6). */
const HIGHEST_AUTO = 10;
const HIGHEST_HUMAN = 50;

const points = z
  .int('write whole points, 0 to 99')
  .min(0, 'write 0 or more')
  .max(99, 'write 99 at most: 100 is reserved for hard rules');

const keyed = <Key extends string, Value extends z.ZodType>(keys: readonly Key[], value: Value) =>
  z.strictObject(Object.fromEntries(keys.map((key) => [key, value])) as Record<Key, Value>);

const RESOURCE = /^(?:[a-z0-9][a-z0-9-]*\/)?[a-z][a-z0-9]*(?:\.[a-z0-9][a-z0-9.-]*)?$/;
const GLOB = /^(?:[a-z0-9-]|\*|\[0-9\])+$/;
const NAME_GLOB = /^(?:[a-z0-9.:-]|\*|\[0-9\])+$/;
const SUBJECT = /^(?:User|Group):\S+$|^ServiceAccount:[a-z0-9-]+\/[a-z0-9.-]+$/;
const LABEL_KEY = /^(?:[a-z0-9.-]+\/)?[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;
const KEY_GLOB = /^(?:[A-Za-z0-9._-]|\*)+(?:\/(?:[A-Za-z0-9._-]|\*)+)?$/;
const PLAIN_WORD = /^[A-Za-z0-9_@%+=:,./-]+$/;

const resource = z.string().regex(RESOURCE, 'write resource.group in lower case and plural, "pods" for the core group');
const glob = z.string().regex(GLOB, 'write a namespace name; "*" and "[0-9]" are the only wildcards');
const key = z.string().regex(LABEL_KEY, 'write a label or annotation key');
const keyGlob = z.string().regex(KEY_GLOB, 'write a label or annotation key; "*" is the only wildcard');

/** Twenty times is beyond any use; one decimal keeps the arithmetic in whole numbers. */
const multiplier = z
  .number()
  .min(0.1, 'write 0.1 or more')
  .max(20, 'write 20 at most')
  .refine((value) => Math.abs(value * 10 - Math.round(value * 10)) < 1e-9, 'write one decimal at most');

/** Shown to everybody who reads a plan: what would give something away is turned down. */
const address = z.string().refine((text) => {
  const url = URL.canParse(text) ? new URL(text) : null;
  return (
    url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' && url.hash === ''
  );
}, 'write an address that begins with http:// or https://, without user, password or fragment');

const check = z.union(
  [
    z.strictObject({
      promql: z.string().min(1, 'write a query').max(2000, 'write 2000 characters at most'),
      is: z
        .string()
        .refine((text) => comparisonOf(text) !== null, 'write an operator and a number: "< 0.05", ">= 1", "== 0"'),
    }),
    z.strictObject({
      http: address,
      status: z.int('write an HTTP status').min(100, 'write an HTTP status').max(599, 'write an HTTP status'),
    }),
  ],
  'write { promql, is } or { http, status }',
);

const verifyRule = z.strictObject({
  windowSeconds: z.int('write whole seconds').min(5, 'write 5 or more').max(3600, 'write 3600 at most').optional(),
  soakSeconds: z
    .int('write whole seconds')
    .min(10, 'write 10 or more: a policy may ask for a longer look, never for a shorter one')
    .max(3600, 'write 3600 at most')
    .optional(),
  checks: z.array(check).max(10, 'write 10 checks at most').optional(),
});

/** An offset is demanded: who reads it elsewhere must know when it ends. */
const END = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/;

const shadowRule = z.strictObject({
  agents: z
    .array(z.string().min(1, 'write the id of an agent'))
    .min(1, 'name an agent, or leave agents out')
    .optional(),
  namespaces: z.array(glob).min(1, 'name a namespace, or leave namespaces out').optional(),
  until: z
    .string('say when it ends: until: 2026-12-24T00:00:00Z')
    .refine(
      (text) => END.test(text) && !Number.isNaN(Date.parse(text)),
      'write a time with its offset: 2026-12-24T00:00:00Z',
    ),
});

const approvalRule = z
  .strictObject({
    tiers: z
      .array(z.enum(['auto', 'human', 'dual'], 'write auto, human or dual: what is blocked nobody approves'))
      .min(1, 'write at least one tier, or leave it out')
      .optional(),
    namespaces: z.array(glob).min(1, 'write at least one namespace, or leave it out').optional(),
    actions: z
      .array(z.enum(ACTION_KINDS, `write actions: ${ACTION_KINDS.join(', ')}`))
      .min(1, 'write at least one action, or leave it out')
      .optional(),
    minScore: z.int('write whole points').min(1, 'write 1 or more').max(99, 'write 99 at most').optional(),
    needed: z.union([z.literal(1), z.literal(2), z.literal(3)], 'write 1, 2 or 3 people'),
    from: z
      .array(
        z.strictObject({
          team: z.string().min(1, 'write the id of a team in people.yaml'),
          atLeast: z.int('write a whole number').min(1, 'write 1 or more').max(3, 'write 3 at most'),
        }),
      )
      .optional(),
    channels: z
      .array(z.enum(CHANNELS, `write ${CHANNELS.join(', ')}`))
      .min(1, 'name one channel at least')
      .optional(),
    strongVotes: z
      .array(z.enum(STRENGTHS, `write ${STRENGTHS.join(' or ')}`))
      .min(1, 'name one way at least, or leave it out')
      .optional(),
    expiresMinutes: z
      .int('write whole minutes')
      .min(1, 'write 1 or more')
      .max(240, 'write 240 at most: an approval is open for four hours, and a rule may only shorten that')
      .optional(),
    reasonRequired: z.boolean('write true or false').optional(),
  })
  .superRefine(({ from = [], needed }, context) => {
    from.forEach(({ team, atLeast }, row) => {
      const issue = (message: string) => context.addIssue({ code: 'custom', path: ['from', row, 'team'], message });
      if (from.findIndex((one) => one.team === team) !== row) issue(`${team} stands twice: name it once`);
      if (atLeast > needed) issue(`of ${team} more people are asked for than in all: raise needed to ${atLeast}`);
    });
  });

const freezeRule = z
  .strictObject({
    name: z
      .string('give it a name')
      .regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/, 'write letters, digits, blanks, ".", "_" and "-"'),
    from: z.string(TIME_HELP).optional(),
    to: z.string(TIME_HELP).optional(),
    cron: z.string().max(100).optional(),
    minutes: z
      .int('write whole minutes')
      .min(1, 'write 1 or more')
      .max(44_640, 'write 44640 (31 days) at most')
      .optional(),
    timezone: z.string('say in which time zone it is meant: timezone: Asia/Taipei'),
    namespaces: z.array(glob).min(1, 'write at least one namespace, or leave it out').optional(),
    allow: z
      .array(z.enum([...ACTION_KINDS, 'rollback'], `write rollback or actions: ${ACTION_KINDS.join(', ')}`))
      .optional(),
  })
  .superRefine((freeze, context) => {
    const problem = freezeTimesProblem(freeze);
    if (problem === null) return;
    context.addIssue({ code: 'custom', path: problem.key === null ? [] : [problem.key], message: problem.message });
  });

const quietHours = z
  .strictObject({
    cron: z.string().max(100),
    minutes: z.int('write whole minutes').min(1, 'write 1 or more').max(10_080, 'write 10080 (a week) at most'),
    timezone: z.string(),
  })
  .superRefine((quiet, context) => {
    const problem = freezeTimesProblem(quiet);
    if (problem === null) return;
    context.addIssue({ code: 'custom', path: problem.key === null ? [] : [problem.key], message: problem.message });
  });

const reminders = z
  .strictObject({
    rules: z
      .array(
        z.strictObject({
          afterMinutes: z
            .int('write whole minutes')
            .min(1, 'write 1 or more')
            .max(240, 'write 240 at most: no approval is open longer'),
          tell: z.string().min(1, 'write all, or the id of a team in people.yaml'),
        }),
      )
      .min(1, 'write one rule at least')
      .max(10, 'write 10 rules at most'),
    quiet: quietHours.optional(),
  })
  .superRefine(({ rules }, context) => {
    rules.forEach(({ afterMinutes }, row) => {
      const before = rules[row - 1]?.afterMinutes ?? 0;
      if (afterMinutes <= before)
        context.addIssue({
          code: 'custom',
          path: ['rules', row, 'afterMinutes'],
          message: 'write more minutes than in the rule before',
        });
    });
  });

const namespaceClass = z.strictObject({ multiplier, patterns: z.array(glob) });

const tiers = z
  .strictObject({
    auto: z
      .int('write whole points')
      .min(0)
      .max(HIGHEST_AUTO, `a policy may lower this limit, never raise it above ${HIGHEST_AUTO}`),
    human: z
      .int('write whole points')
      .min(1)
      .max(HIGHEST_HUMAN, `a policy may lower this limit, never raise it above ${HIGHEST_HUMAN}`),
    dual: z.literal(99, 'write 99: 100 is reserved for hard rules'),
  })
  .refine(({ auto, human }) => auto < human, {
    path: ['human'],
    message: 'tiers out of order: write auto < human < dual',
  });

/** Freezes, of the policy or of one cluster alone. */
export const FREEZES = z.array(freezeRule).max(100, 'write 100 freezes at most');

export const POLICY_SCHEMA = z
  .strictObject({
    version: z.literal(1, 'write 1, the only version there is'),
    tiers,
    base: keyed(ACTION_KINDS, points),
    weights: z.strictObject({
      named: z.array(z.strictObject({ points, resources: z.array(resource).min(1) })),
      others: points,
    }),
    namespaces: keyed(NAMESPACE_CLASSES, namespaceClass),
    clusters: z.record(z.string().min(1), z.enum(NAMESPACE_CLASSES, `write one of ${NAMESPACE_CLASSES.join(', ')}`)),
    modifiers: keyed(Object.keys(MODIFIERS) as (keyof typeof MODIFIERS)[], points),
    evidence: keyed(EVIDENCE, points),
    budgets: keyed(BUDGET_SCOPES, z.int('write whole points').min(0, 'write 0 or more')),
    limits: keyed(['many', 'history'], points),
    inert: z.strictObject({
      annotations: z.array(keyGlob),
      labels: z.array(keyGlob),
      namespaceLabels: z.array(key),
    }),
    dualKeys: z
      .array(keyGlob)
      .refine(
        (keys) => DUAL_KEYS.every((one) => keys.includes(one)),
        `this weakens a floor: keep ${DUAL_KEYS.join(', ')}, and add to them`,
      ),
    hardRules: keyed(
      EXTENDED_RULES,
      z.enum(['block', 'dual'], 'write block or dual: a hard rule is never below two people'),
    ),
    namespaceKinds: z
      .array(resource)
      .refine(
        (kinds) => NAMESPACE_KINDS.every((kind) => kinds.includes(kind)),
        `this weakens a hard rule: keep ${NAMESPACE_KINDS.join(', ')}, and add to them`,
      ),
    gate: z.strictObject({
      namespace: z.string().regex(/^[a-z0-9-]{1,63}$/, 'write the name of a namespace'),
      names: z.array(z.string().regex(NAME_GLOB, 'write a name; "*" and "[0-9]" are the only wildcards')).min(1),
      subjects: z.array(z.string().regex(SUBJECT, 'write User:x, Group:y or ServiceAccount:namespace/name')).min(1),
    }),
    execReadonly: z.array(
      z.array(z.string().regex(PLAIN_WORD, 'write plain words, as they stand in a command without quotes')).min(1),
    ),
    review: z.enum(['required', 'off'], 'write required or off').optional(),
    reviewIssue: z
      .strictObject({
        labels: z.array(z.string().min(1).max(50, 'a label has 50 characters at most')).max(20).optional(),
        assignees: z
          .array(z.string().regex(/^[A-Za-z0-9_.-]{1,100}$/, 'write a login name'))
          .max(10)
          .optional(),
      })
      .optional(),
    verify: z.partialRecord(z.enum([...ACTION_KINDS, ...NAMESPACE_CLASSES]), verifyRule).optional(),
    prometheus: address.refine((text) => !text.includes('?'), 'write its address alone, without a query').optional(),
    breaker: z
      .strictObject({
        failures: z.int('write a whole number').min(1, 'write 1 or more').max(1000, 'write 1000 at most'),
        withinMinutes: z.int('write whole minutes').min(1, 'write 1 or more').max(1440, 'write 1440 (a day) at most'),
      })
      .optional(),
    shadow: z.array(shadowRule).max(100, 'write 100 rules at most').optional(),
    reminders: reminders.optional(),
    freezes: FREEZES.optional(),
    approvals: z.array(approvalRule).max(100, 'write 100 rules at most').optional(),
    strongVotes: z.array(z.enum(STRENGTHS, `write ${STRENGTHS.join(' or ')}`)).optional(),
    loginWithinMinutes: z.int('write whole minutes').min(1, 'write 1 or more').max(720, 'write 720 at most').optional(),
    writesAtOnce: z.int('write a whole number').min(1, 'write 1 or more').max(100, 'write 100 at most').optional(),
  })
  .superRefine((policy, context) => {
    for (const [key, rule] of Object.entries(policy.verify ?? {}))
      rule?.checks?.forEach((one, row) => {
        if ('promql' in one && policy.prometheus === undefined)
          context.addIssue({
            code: 'custom',
            path: ['verify', key, 'checks', row, 'promql'],
            message: 'no Prometheus is named: write `prometheus: https://…` at the top of the policy',
          });
      });
    const highest = policy.namespaces['control-plane'].multiplier;
    for (const name of NAMESPACE_CLASSES) {
      if (policy.namespaces[name].multiplier > highest)
        context.addIssue({
          code: 'custom',
          path: ['namespaces', name, 'multiplier'],
          message: 'write no more than that of control-plane, which stands for all namespaces',
        });
    }
    const seen = new Set<string>();
    policy.weights.named.forEach(({ resources }, row) => {
      resources.forEach((name, column) => {
        if (seen.has(name))
          context.addIssue({
            code: 'custom',
            path: ['weights', 'named', row, 'resources', column],
            message: `${name} stands twice: name it once`,
          });
        seen.add(name);
      });
    });
  }) satisfies z.ZodType<PolicyDocument>;

/** The published JSON Schema of a policy file. It cannot say what compares two keys: `policy check` says all. */
export function policyJsonSchema(): object {
  return {
    ...z.toJSONSchema(POLICY_SCHEMA, { target: 'draft-2020-12' }),
    $id: 'https://blastgate.io/schemas/policy/v1.json',
    title: 'Blastgate policy',
  };
}
