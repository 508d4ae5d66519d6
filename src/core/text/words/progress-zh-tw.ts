// How far a proposal has come and what was seen of it, in Traditional Chinese.
import type { Dictionary } from './dictionary.ts';

const NOTHING_MORE = '不會再有動作';

export const progressZhTw = {
  tiers: {
    auto: 'auto：不需任何人核准即執行',
    human: 'human：必須由一人核准',
    dual: 'dual：必須由兩個不同的人核准',
    blocked: 'blocked：任何人核准皆不執行',
  },
  states: {
    proposed: '正在判定。',
    blocked: `${NOTHING_MORE}：硬性規則封鎖。`,
    refused: `${NOTHING_MORE}：已拒絕受理。`,
    'awaiting-approval': '等待人員核准。',
    approved: '即將自動開始。',
    rejected: `${NOTHING_MORE}：已被人員否決。`,
    expired: `${NOTHING_MORE}：已逾期。請重新提出。`,
    superseded: `${NOTHING_MORE}：已被較新的提案取代。`,
    cancelled: `${NOTHING_MORE}：已取消。`,
    stale: `${NOTHING_MORE}：現況與封存時不同。請重新提出。`,
    executing: '正在將變更寫入叢集。',
    verifying: '變更已寫入；閘門會持續觀察，直到恢復健康。',
    failed: `${NOTHING_MORE}：失敗。只有已執行的程式才可能改變了什麼，此時會說明其結束碼。`,
    uncertain: '寫入沒有得到回應；閘門會先讀取叢集現況，才會再次送出。',
    succeeded: `${NOTHING_MORE}：結果如核准內容。`,
    'rolling-back': '正在回滾。',
    'handed-over': '必須由人處理：閘門沒有可用的回滾。',
    'rolled-back': `${NOTHING_MORE}：已回滾，恢復健康。`,
    'rollback-failed': '必須由人處理：回滾失敗。',
  },
  waitsFor: (missing, have, ways, expiresAt) =>
    `等待${have === 0 ? '' : '另外'} ${missing} 人核准，期限 ${expiresAt}：${ways}。`,
  verdicts: {
    converged: '一切如核准內容且健康。',
    'as-approved': '如核准內容。',
    'rollout-held': '範本如核准內容；推出已暫停，尚無 Pod 執行[（{subject}）]。',
    'left-over': '副本數已如先前且健康。其餘副本的 volume claim 仍保留[：{subject}]。',
    settling: '看來健康；須維持一段時間。',
    'not-observed': '控制器尚未採用變更[（{subject}）]。',
    'rolling-out': '仍在推出[（{subject}）]。',
    leaving: '被刪除的物件仍在[（{subject}）]。',
    'not-seen': '無法讀取叢集[（{subject}）]。',
    gone: '工作負載不再存在[（{subject}）]。',
    overwritten: '寫入的內容已不在：已被他人變更[（{subject}）]。',
    autoscaled: '自動擴縮器維持的副本數與寫入的不同[（{subject}）]。',
    paused: '推出已暫停，不會繼續[（{subject}）]。',
    'deadline-exceeded': '推出已超過進度期限[（{subject}）]。',
    trouble: 'Pod 無法啟動[（{subject}）]。',
    'window-over': '未能及時恢復健康[（{subject}）]。',
    'never-seen': '無法及時確認是否健康[（{subject}）]。',
    'exit-code': '程式的結束碼不是 0[（{subject}）]。其 Pod 與先前相同。',
    'container-lost': '執行程式的容器已結束或已重新啟動[（{subject}）]。',
    unready: '執行程式的 Pod 不再就緒[（{subject}）]。',
  },
  asBefore: {
    converged: '一切如先前且健康。',
    'as-approved': '如先前。',
  },
  rollbackVerdict: '回滾：{said}',
  missing: {
    unreachable: '無法讀取 {what}：叢集沒有回應',
    forbidden: '無法讀取 {what}：閘門沒有權限',
    'too-old': '對 {what} 所知的內容太舊',
    'not-found': '{what} 不存在',
    garbled: '無法理解叢集對 {what} 的回應',
  },
  problems: {
    'bad-request': { message: '請求格式不正確。', remedy: 'GET /v1/openapi.json 說明每種請求。' },
    unauthorized: {
      message: '需要有效的 bearer token。',
      remedy: '請以「Authorization: Bearer」送出 people.yaml 中的 token；`blastgate token` 可產生一個。',
    },
    'not-found-here': { message: '此網址沒有任何內容。', remedy: 'GET /v1/openapi.json 列出所有網址。' },
    'method-not-allowed': {
      message: '此網址不接受該方法。',
      remedy: 'GET /v1/openapi.json 列出每個網址的方法。',
    },
    'body-too-large': { message: '內容超過 1 MiB。', remedy: '請減少內容：超過 1 MiB 的清單不予判定。' },
    'too-many-requests': {
      message: '此 token 在一分鐘內要求了過多判定。',
      remedy: '請等待 Retry-After 所示的秒數後再送出。',
    },
    'too-many-streams': {
      message: '開啟的事件串流過多。',
      remedy: '請關閉一個或稍候；一個串流就會傳送所有提案的所有事件。',
    },
    'store-failed': {
      message: '閘門無法使用其資料庫；沒有任何變更。',
      remedy: '請重新送出；若仍失敗，請查看閘門的日誌。',
    },
    broken: { message: '閘門內部錯誤。', remedy: '請查看閘門的日誌，並回報此錯誤。' },
  },
} as const satisfies Partial<Dictionary>;
