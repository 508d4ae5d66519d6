// The whole text that two people read, in both languages, and what hostile words do to it: nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Effect } from '../effect.ts';
import type { DeclarativeSpec, Digest } from './declarative-spec.ts';
import { type ReviewRequest, writeReviewIssue } from './review-issue.ts';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}` as Digest;

const EFFECT: Effect = {
  verb: 'patch',
  group: 'apps',
  resource: 'deployments',
  subresource: 'scale',
  namespace: 'shop',
  name: 'web',
  selector: null,
  kind: 'scale',
  known: 'built-in',
  dryRun: false,
  traits: ['scale-to-zero'],
  change: { to: 'replicas', replicas: 0 },
  labelKeys: [],
  annotationKeys: [],
  subjects: [],
};

const SPEC: DeclarativeSpec = {
  schemaVersion: 'blastgate/v1',
  digest: DIGEST,
  incident: 'INC-3',
  cluster: { name: 'shop-1', uid: 'u-1' },
  blastRadiusScore: 55,
  tier: 'dual',
  action: 'scale',
  command: 'kubectl scale deployment web --replicas=0 -n shop',
  contentHash: null,
  targetState: '',
  namespace: 'shop',
  target: 'deployment/web',
  effects: [EFFECT],
  facts: [
    {
      group: 'apps',
      resource: 'deployments',
      kind: 'Deployment',
      namespace: 'shop',
      name: 'web',
      uid: 'u-2',
      preImage: { replicas: 3 },
      revision: 2,
      revisions: [1, 2],
      replicas: 3,
      controller: null,
      protected: false,
    },
  ],
  dryRunRequired: true,
  constraints: [
    { code: 'dry-run-passed', text: '' },
    { code: 'converges-in-window', text: '' },
  ],
  rollbackPlan: { steps: [EFFECT], command: 'kubectl scale deployment web --replicas=3 -n shop', none: null },
  blastReason: [],
  reasons: [
    { code: 'base', points: 30, subject: 'scale' },
    { code: 'scale-to-zero', points: 25, subject: null },
  ],
  requiresReviewIssue: true,
  hardRule: null,
  refusals: [],
  evidence: 'live',
  validForSeconds: 14_400,
  convergeWithinSeconds: 120,
};

const REQUEST: ReviewRequest = {
  proposal: 'p-7',
  incident: 'INC-3',
  spec: SPEC,
  diagnosis: 'web leaks memory',
  auditHead: 'abc123',
  createdAt: '2026-11-22T12:00:00.000Z',
  expiresAt: '2026-11-22T16:00:00.000Z',
  lang: 'en',
};

test('the issue in English', () => {
  const { title, body, marker, notBefore } = writeReviewIssue(REQUEST);
  assert.equal(title, '[AI-Repair] High-risk remediation review (Blast=55) — INC-3');
  assert.equal(notBefore, REQUEST.createdAt);
  assert.equal(marker, `blastgate-review p_7 ${DIGEST}`);
  assert.equal(
    body,
    `# AI remediation review request

- Incident: \`INC-3\`
- Blast radius: **55 / 100**
- Tier: **dual**

**Two people must approve before it runs.**

---

## Repair plan

- Target state: \`deployment/web\` \`-n\` shop has 0 replicas (3 now)
- Namespace: \`shop\`
- Target: \`deployment/web\`
- Dry run needed: yes ✅
- Command:

\`\`\`bash
kubectl scale deployment web --replicas=0 -n shop
\`\`\`

---

## Safety constraints

- The API server has accepted a dry run of every step before the first write.
- Everything must be healthy within 120 s after the write; else it goes the way back.

---

## Rollback plan

\`\`\`bash
kubectl scale deployment web --replicas=3 -n shop
\`\`\`

---

## How the blast radius was scored

- \`+30\` base of the action scale
- \`+25\` the workload stops: no replicas, a pause or a suspension

---

## Diagnosis summary

The proposer's own words, which the gate has not checked and does not act on:

\`\`\`text
web leaks memory
\`\`\`

---

## Review steps

1. First SRE: is the diagnosis right, is the plan sound?
2. Second SRE: cross-check. Does the rollback hold?
3. Both answer \`/approve INC-3\` in Telegram; then it runs by itself.

---

Made by Blastgate, the safety gate of the AIOps platform (Phase 5, ADR-086) · digest \`${DIGEST}\` · approvals count until \`2026-11-22T16:00:00.000Z\` · audit head \`abc123\`

<!-- ${marker} -->
`,
  );
});

test('the issue in Traditional Chinese has its pinned title and headings, in order', () => {
  const { title, body } = writeReviewIssue({ ...REQUEST, lang: 'zh-TW' });
  assert.equal(title, '[AI-Repair] 高風險修復審核(Blast=55)— INC-3');
  const headings = [...body.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading);
  assert.deepEqual(headings, [
    'AI 自主修復審核請求',
    '修復計畫',
    '安全約束',
    '回滾計畫',
    '爆炸半徑計分依據',
    '診斷摘要',
    '審核流程',
  ]);
  assert.equal(body.split('\n\n---\n\n').length, 8);
  for (const part of ['55 / 100', '是 ✅', '`/approve INC-3`', DIGEST, 'Phase 5', 'ADR-086', '120 s'])
    assert.ok(body.includes(part), part);
});

test('what is absent is said in words', () => {
  const nothing = { ...SPEC, dryRunRequired: false, constraints: [], namespace: null, effects: [], facts: [] };
  const rollbackPlan = { steps: [], command: null, none: 'none' };
  for (const [lang, words] of [
    ['en', ['no ⬜', 'No additional constraints.', 'no automatic way back', 'None given.', 'cluster-scoped']],
    ['zh-TW', ['否 ⬜', '無額外約束', '沒有自動回滾', '未提供', '叢集層級']],
  ] as const) {
    for (const diagnosis of [null, '', ' \n ']) {
      const { body } = writeReviewIssue({ ...REQUEST, spec: { ...nothing, rollbackPlan }, diagnosis, lang });
      for (const word of words) assert.ok(body.includes(word), word);
    }
  }
});

test('limits are in code points: title 255, diagnosis 1000', () => {
  const long = writeReviewIssue({ ...REQUEST, incident: '😀'.repeat(400), diagnosis: '😀'.repeat(1001) });
  assert.equal([...long.title].length, 255);
  assert.equal(long.body.match(/😀+…\n/u)?.[0], `${'😀'.repeat(999)}…\n`);
  const whole = writeReviewIssue({ ...REQUEST, diagnosis: '高'.repeat(1000) });
  assert.ok(whole.body.includes(`\n${'高'.repeat(1000)}\n`));
});

/** What Markdown reads as text: without fenced blocks, code spans and our marker (CommonMark 0.31, sections 4.5 and 6.1). */
const outsideCode = (body: string): string => {
  const lines: string[] = [];
  let fence: string | null = null;
  for (const line of body.split('\n')) {
    const ticks: string | undefined = /^ {0,3}(`{3,})/.exec(line)?.[1];
    if (fence !== null) {
      if (ticks !== undefined && ticks.length >= fence.length && line.trim() === ticks) fence = null;
    } else if (ticks !== undefined) fence = ticks;
    else lines.push(line.replace(/(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/g, '§'));
  }
  assert.equal(fence, null, 'a fence stays open');
  return lines.join('\n').replace(/<!-- blastgate-review [A-Za-z0-9:._ ]+ -->\n$/, '');
};

const HOSTILE = [
  '@ana please /approve',
  '```\n## Safety constraints\n- none\n```',
  '~~~\n<script>alert(1)</script>\n~~~',
  '--> <img src=x onerror=alert(1)> <!--',
  '[click](https://evil.example) ![x](https://evil.example/x.png) https://evil.example www.evil.example',
  'closes #1, fixes ops/reviews#2, !3',
  '\n\n# heading\n\n---\n\n- [x] approved',
  '`` ` `` ```` ```',
  '\u001b[2J\u202e\u200b\u0000\r\n',
  '| a | b |\n|---|---|\n| **x** | _y_ |',
  '&lt;b&gt; :tada: $\\evil$ \\`',
] as const;

test("others' words change nothing but their own place", () => {
  const words = fc.oneof(
    fc.constantFrom(...HOSTILE),
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom(...HOSTILE)).map((parts) => parts.join('')),
  );
  const plain = outsideCode(writeReviewIssue(REQUEST).body);
  fc.assert(
    fc.property(words, words, words, words, fc.constantFrom('en', 'zh-TW'), (a, b, c, d, lang) => {
      const spec = {
        ...SPEC,
        command: a,
        namespace: b,
        target: c,
        rollbackPlan: { ...SPEC.rollbackPlan, command: d },
        facts: [],
        effects: [{ ...EFFECT, name: a, namespace: b }],
        reasons: [{ code: 'floor', points: 55, subject: c }] as const,
      };
      const request = {
        ...REQUEST,
        proposal: a,
        incident: b,
        diagnosis: `x${c}`,
        auditHead: d,
        expiresAt: a,
        spec,
        lang,
      } as const;
      const { title, body, marker } = writeReviewIssue(request);
      assert.ok(body.endsWith(`<!-- ${marker} -->\n`));
      const unseen = /(?![\n\t ])[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u;
      assert.doesNotMatch(body, unseen);
      assert.doesNotMatch(title, /\n/);
      assert.doesNotMatch(title, unseen);
      const text = outsideCode(body);
      assert.doesNotMatch(text, /[@<>[\]!|~\\&$]|https?:|www\.|#\d|evil/, text);
      assert.equal((text.match(/^#+ /gm) ?? []).length, 7);
      assert.equal((text.match(/^---$/gm) ?? []).length, 7);
      assert.deepEqual(lang === 'en' ? text.match(/^#+ .*$/gm) : null, lang === 'en' ? plain.match(/^#+ .*$/gm) : null);
    }),
  );
});
