// The whole text that two people read, in both languages, and what hostile words do to it: nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { anyText } from '../../../test/support/any-text.ts';
import { DIGEST, EFFECT, HOSTILE, REQUEST, SPEC } from '../../../test/support/dual-spec.ts';
import { writeReviewIssue } from './review-issue.ts';

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
- Proposed by: \`healer\` (agent of \`ana\`)
- Cluster: \`shop-1\`
- May approve (2 of 3): \`Ben Koch\` (\`ben\`), \`Mei Tanaka\` (\`mei\`), \`Cho\` (\`cho\`)

**Two people must approve before it runs.**

---

## Repair plan

- Target state: \`deployment/web -n shop\` has 0 replicas (3 now)
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
- Everything must become healthy after the write. Without progress for the progress deadline of the workload, at least 120 s, it is rolled back.

---

## Rollback plan

\`\`\`bash
kubectl scale deployment web --replicas=3 -n shop
\`\`\`

---

## How the blast radius was scored

- \`+30\` base of the action scale
- \`+25\` the workload stops: no replicas, paused or suspended

**What it would hit**

\`\`\`mermaid
flowchart TD
  n0["deployments.apps shop/web #40;touched#41;"]
  n1["services shop/web #40;breaks#41;"]
  n0 -->|serves| n1
  style n0 stroke:#f4a261,stroke-width:3px
  style n1 stroke:#d62828,stroke-width:3px
\`\`\`

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
3. Both answer \`/approve INC-3\` in Telegram, write \`/approve 0123456789ab\` as a comment here or run \`blastgate approve p-7\`; then it runs by itself.

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
  const rollbackPlan = {
    steps: [],
    command: null,
    none: 'none',
    fidelity: 'none',
    loses: [],
    rehearsed: 'not-possible',
  } as const;
  for (const [lang, words] of [
    ['en', ['no ⬜', 'No additional constraints.', 'no automatic rollback', 'None given.', 'cluster-scoped']],
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
  assert.equal(Array.from(long.title).length, 255);
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

test("others' words change nothing but their own place", () => {
  const words = fc.oneof(
    fc.constantFrom(...HOSTILE),
    anyText(),
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
    { numRuns: 50 },
  );
});
