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
    'handed-over': '必須由人處理：閘門沒有收回任何變更，也不會自行再做任何事。',
    'rolled-back': `${NOTHING_MORE}：已回滾，恢復原狀。`,
    'rollback-failed': '必須由人處理：回滾失敗。',
  },
  differs: (at, was, is) =>
    was === null
      ? `${at} 現在是 ${is ?? '不存在'}`
      : is === null
        ? `${at} 原為 ${was}，現已不存在`
        : `${at} 原為 ${was}，現為 ${is}`,
  doubts: {
    'cluster-silent': '叢集沒有回應。',
    'other-under-way': '另一個處置正在變更相同的物件。',
    refused: '無法再次判斷：{said}',
    'no-evidence': '有一項判斷依據無法讀取[：{subject}]。',
    'not-rehearsed': 'API 伺服器無法再次試行：{says}。',
  },
  pausedNow: '⏸ 閘門已暫停：在管理員執行 `blastgate resume` 之前不會寫入任何變更。',
  paused: ({ cluster, since, by, resume }) => {
    const what = cluster === null ? '閘門' : `叢集 ${cluster} `;
    const who = by === null ? '閘門自行' : `由 ${by} `;
    return `⏸ ${what}已暫停（${who}暫停${since === null ? '' : `，自 ${since} 起`}）：在管理員執行 ${resume} 之前不會寫入任何變更。`;
  },
  frozen: (name, until) => `❄ 凍結至 ${until}（凍結「${name}」）：在此之前不會寫入任何變更。`,
  waitsFor: (missing, have, conditions, ways, expiresAt) =>
    `等待${have === 0 ? '' : '另外'} ${missing} 人核准${conditions}，期限 ${expiresAt}：${ways}。`,
  approvalExplained: {
    noRule: '政策沒有規則要求多於等級本身的核准。',
    rules: (places) => `適用政策 approvals 的第 ${places} 條規則。`,
    nobodyAsked: {
      blocked: '硬性規則封鎖此動作：不會詢問任何人。',
      refused: '在詢問任何人之前即被拒絕；`blastgate score` 會說明原因。',
    },
    runsAlone: '不詢問任何人即執行。',
    expires: (minutes) => `開放 ${minutes} 分鐘。`,
    could: '現在可以核准的人：',
    nobody: '現在沒有人可以核准。',
    never: (people, conditions) => `永遠無法核准：即使所有人都同意，仍缺 ${people} 人${conditions}。`,
    frozenNow: (name, until) => `凍結「${name}」進行中：無論誰核准，在 ${until} 之前不會寫入任何變更。`,
    frozenSoon: (name, from, until) =>
      `凍結「${name}」自 ${from} 開始，屆時核准可能仍開放：到時尚未開始的變更會等到 ${until}。`,
  },
  supersededBy: '{proposal} 已取代它：同一事件、同一物件的較新提案。',
  conditions: {
    team: (people, team) => `其中 ${people} 人須屬團隊 ${team}`,
    strongVote: (ways) => `其中一票須經由 ${ways}`,
    channels: (ways) => `僅採計 ${ways}`,
    reason: '須附理由',
    comma: '；',
    all: (conditions) => `（${conditions}）`,
  },
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
    'nothing-to-wait-for': '如核准內容。Kubernetes 不提供此類物件的健康狀態：沒有可等待的。',
    'still-unhealthy': '已如核准內容寫入。先前就不健康，現在仍是，但沒有更糟[（{subject}）]。',
    'not-ready': '尚未就緒[（{subject}）]。',
    running: '如核准內容且執行中；尚未結束[（{subject}）]。',
    'run-failed': '已失敗[（{subject}）]。',
    suspended: '如核准內容且已暫停：恢復後才會執行[（{subject}）]。',
    'no-endpoints': '服務背後沒有就緒的 Pod[（{subject}）]。',
    'cannot-scale': '自動擴縮器無法運作[（{subject}）]。',
    resizing: '正在調整 volume 大小[（{subject}）]。',
    'resize-pending': 'Volume 已擴大；檔案系統會在 Pod 重新掛載時跟上[（{subject}）]。',
    'resize-failed': '無法調整 volume 大小[（{subject}）]。',
    'check-failed': '政策的檢查未通過[（{subject}）]。',
    'check-unseen': '政策的檢查沒有給出可判斷的回應[（{subject}）]。',
  },
  asBefore: {
    converged: '一切如先前且健康。',
    'as-approved': '如先前。',
    'nothing-to-wait-for': '如先前。',
    'still-unhealthy': '如先前，且如先前一樣不健康[（{subject}）]。',
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
      remedy: '請提供 people.yaml 中的 token（BLASTGATE_TOKEN，或 Authorization 標頭）；`blastgate token` 可產生一個。',
    },
    'token-expired': {
      message: '此 token 已過期。',
      remedy: '請以 `blastgate token` 產生新的 token，並將其雜湊寫入 people.yaml。',
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
    'wrong-host': {
      message: '此名稱不是這個閘門的名稱。',
      remedy: '請使用閘門的位址，或在執行閘門之處將此名稱加入 BLASTGATE_HOSTS。',
    },
    'wrong-origin': {
      message: '此請求來自其他網站的網頁。',
      remedy: '請由程式呼叫閘門；網頁只能呼叫它所來自的閘門。',
    },
    'no-csrf-token': {
      message: '此請求未證明來自閘門的網頁。',
      remedy: '請重新載入頁面。程式應送出 bearer token，而非 cookie。',
    },
    'https-needed': {
      message: '不可經由未加密的 HTTP 登入。',
      remedy: '請以 https 開啟閘門，或在其本機以 http://127.0.0.1 開啟。',
    },
    'link-unusable': {
      message: '此登入連結已被使用、已過期，或不屬於這個閘門。',
      remedy: '請以 `blastgate login PERSON` 產生新的連結。',
    },
    'links-off': {
      message: '這個閘門不接受登入連結。',
      remedy: '請依頁面所示登入。連結僅在 loopback 或設定 BLASTGATE_LOGIN=links 時可用，且不與 OIDC 並用。',
    },
    'bad-arguments': {
      message: '呼叫的參數不符合此工具。',
      remedy: '請只提供此工具的輸入結構（input schema）所列的內容。',
    },
    'no-gate': {
      message: '沒有可詢問的閘門。',
      remedy: '請將 BLASTGATE_URL 設為執行中的閘門，並將 BLASTGATE_TOKEN 設為其 people.yaml 中的 token。',
    },
    'store-failed': {
      message: '閘門無法使用其資料庫；沒有任何變更。',
      remedy: '請重新送出；若仍失敗，請查看閘門的日誌。',
    },
    broken: { message: '閘門內部錯誤。', remedy: '請查看閘門的日誌，並回報此錯誤。' },
  },
} as const satisfies Partial<Dictionary>;
