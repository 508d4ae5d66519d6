// What the chat says about proposals, in Traditional Chinese.
import type { AnnouncementWords } from './announcement.ts';

export const announcementZhTw = {
  command: '指令',
  target: '目標',
  blastRadius: '爆炸半徑',
  digest: '摘要值',
  proposal: '提案',
  targetState: '執行後',
  rollback: '回滾',
  waiting: (needed) => `⏳ 等待 ${needed} 人核准`,
  answer: (incident, digest, expiresAt, prefix) =>
    `請在 ${expiresAt} 前回覆 ${prefix}approve ${incident} ${digest} 或 ${prefix}reject ${incident} 原因；${prefix}status ${incident} 可查看詳情。`,
  buttons: { approve: '核准', reject: '拒絕' },
  issueMade: (url) => `📝 審核 issue：${url}`,
  issueFailed: {
    'tried-again': '❗ 審核 issue 尚未建立；系統會再試，目前以此訊息代替',
    held: '❗ 審核 issue 尚未建立；系統會再試，政策要求此動作等到 issue 建立為止',
    none: '❗ 沒有審核 issue；以此訊息代替',
  },
  breaker: (failures, withinMinutes) =>
    `🛑 閘門已自行暫停：${withinMinutes} 分鐘內有 ${failures} 次失敗或回滾，以下是最近一次`,
  reminder: (minutes, team) =>
    `⏰ 已等待核准 ${minutes} 分鐘；請${team === null ? '所有可核准的人' : `團隊 ${team}`}處理`,
  breakGlass: (person) => `🚨 緊急破窗：${person} 一人代替所有缺少的核准；動作即將執行，此紀錄永久保留`,
  breakGlassReason: '理由',
  resume: '回滾會繼續，不會開始任何新動作。請先查明原因，再由具有 admin 權限的人執行 `blastgate resume`。',
  states: {
    proposed: '已提案',
    blocked: '⛔ 被硬性規則封鎖',
    refused: '🚫 已拒絕受理',
    'awaiting-approval': '⏳ 等待核准',
    approved: '👍 已核准',
    rejected: '👎 已被否決',
    expired: '⌛ 核准不足，已逾期',
    superseded: '🔁 已被較新的提案取代',
    cancelled: '✋ 已取消',
    stale: '🕰 現況與封存時不同；未寫入任何變更，請重新提案',
    executing: '🚀 執行中',
    verifying: '🔎 已寫入，等待恢復健康',
    failed: '❌ 失敗：被拒絕且沒有任何變更，或程式以錯誤結束',
    uncertain: '❔ 叢集沒有回應；再次送出前會先讀取現況',
    succeeded: '✅ 成功',
    'rolling-back': '⏪ 狀態不健康，回滾中',
    'handed-over': '🚨 必須由人接手：閘門沒有收回任何變更',
    'rolled-back': '⏪ 已回滾，恢復原狀',
    'rollback-failed': '🆘 回滾失敗：必須立即由人處理',
  },
} as const satisfies AnnouncementWords;
