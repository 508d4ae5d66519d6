// What people read of shadow mode, in Traditional Chinese.
import type { ShadowWords } from './shadow.ts';

export const shadowZhTw = {
  notice: (what) => `影子模式：經由代理的請求只觀察、不判定：${what}`,
  everything: '全部，只要此閘門以 --shadow 執行',
  rule: (agents, namespaces, until) =>
    `${agents === null ? '所有代理程式' : `代理程式 ${agents}`}${namespaces === null ? '' : `，命名空間 ${namespaces}`}，至 ${until} 為止`,
  digest: (hours, passed) => `影子模式，過去 ${hours} 小時：${passed} 個請求未經判定即送達叢集。`,
  wouldHave: (auto, human, dual, blocked) =>
    `閘門原本會判定：自動 ${auto}、一人核准 ${human}、兩人核准 ${dual}、封鎖 ${blocked}。`,
  refused: (count) => `${count} 個仍被拒絕：核心硬性規則，或無法讀取的請求。`,
  look: '請以 `blastgate outcomes --shadow` 查看。',
  none: '尚未觀察到任何請求',
  title: '影子模式觀察到的請求，依閘門原本會給的判定',
  columns: {
    proposer: '提出者',
    action: '動作',
    auto: '自動',
    human: '一人',
    dual: '兩人',
    blocked: '封鎖',
    refused: '拒絕',
  },
} as const satisfies ShadowWords;
