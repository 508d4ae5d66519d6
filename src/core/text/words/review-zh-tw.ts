// The review issue in Traditional Chinese.
import type { ReviewWords } from './review.ts';

export const reviewZhTw = {
  title: (score, incident) => `[AI-Repair] 高風險修復審核(Blast=${score})— ${incident}`,
  headings: {
    request: 'AI 自主修復審核請求',
    plan: '修復計畫',
    constraints: '安全約束',
    rollback: '回滾計畫',
    reasons: '爆炸半徑計分依據',
    diagnosis: '診斷摘要',
    steps: '審核流程',
  },
  incident: '事件',
  blastRadius: '爆炸半徑',
  tier: '等級',
  tiers: { auto: 'auto（自動）', human: 'human（一人核准）', dual: 'dual（兩人核准）', blocked: 'blocked（封鎖）' },
  mustApprove: (people, conditions) =>
    `執行前必須由${people === 1 ? '一' : people === 2 ? '兩' : '三'}人核准${conditions}。`,
  targetState: '目標狀態',
  command: '指令',
  namespace: '命名空間',
  clusterScoped: '無（叢集層級）',
  target: '目標',
  dryRun: '需要 dry run',
  yes: '是 ✅',
  no: '否 ⬜',
  noConstraints: '無額外約束。',
  noRollback: '沒有自動回滾的方法：',
  proposersWords: '以下為提案者自己的說法，本系統未經查證，也不據此行動：',
  changes: '變更內容（依 API 伺服器的試跑）',
  impact: '影響範圍',
  noDiagnosis: '未提供。',
  proposer: '提案者',
  agentOf: (agent, owner) => `${agent}（${owner} 的代理）`,
  cluster: '叢集',
  clusterUnknown: '不明',
  approvers: (needed, people) => `可核准者（${people} 人中須 ${needed} 人）`,
  nobody: '無',
  morePeople: (count) => `另外 ${count} 人`,
  notice: {
    missing: (error) => `沒有審核 issue。${error}`,
    awaited: '審核 issue 尚未建立。',
    held: '政策（`review: required`）要求先有審核 issue，此動作暫停等待。',
  },
  steps: (ways) => [
    '第一位 SRE：診斷是否正確，計畫是否合理？',
    '第二位 SRE：交叉確認。回滾是否可行？',
    `兩人都${ways}，之後系統會自動執行。`,
  ],
  closing: (digest, expiresAt, auditHead) =>
    `由 AIOps 平台的安全閘門 Blastgate 產生（Phase 5，ADR-086） · 摘要值 ${digest} · 核准有效至 ${expiresAt} · 稽核鏈首 ${auditHead}`,
} as const satisfies ReviewWords;
