// What the chat answers, in Traditional Chinese.
import type { ChatAnswerWords } from './chat-answer.ts';

const HELP = [
  '/approve INC [digest] 表示核准；同一事件有過一個以上的摘要值時，必須附上摘要值',
  '/reject INC 原因 表示否決：一票即否決',
  '/status INC 查看處理情形',
  '/pending 列出等待核准的提案',
].join('\n');

export const chatAnswerZhTw = {
  approved: (person, digest, have, needed) => `${person} 已核准摘要值 ${digest}：${have} / ${needed} 票。`,
  rejected: (person, digest) => `${person} 已否決摘要值 ${digest}：不會執行。`,
  complete: '核准已足夠，系統會自動執行。',
  notCounted: '未計入',
  tooEarly: '這則訊息寫於提案之前。請先閱讀提案，再重新送出。',
  needsReason: (command) => `拒絕必須說明原因：請輸入 ${command} 加上原因。`,
  nothingKnown: '查無此事件。/pending 可列出等待核准的提案。',
  nothingPending: '目前沒有等待核准的提案。',
  pending: (count) => `有 ${count} 件提案等待核准：`,
  more: (count) => `……還有 ${count} 件：請見 \`blastgate list\`。`,
  approvals: (have, needed) => `核准 ${have} / ${needed}`,
  until: '期限',
  votes: '投票',
  voted: { approve: '核准', reject: '否決' },
  issue: '審核 issue',
  natures: {
    edited: '編輯過的訊息不計入。請以新訊息送出指令。',
    forwarded: '轉傳的訊息不計入。請自行輸入指令。',
    anonymous: '匿名管理員與頻道的訊息不計入，因為無法證明是誰。請關閉「保持匿名」後重新送出。',
    bot: '程式送出的訊息不計入。',
    guest: '工作區的訪客與已停用的帳號不計入。請以正式成員的帳號投票。',
    'other-chat': '此聊天室的投票不計入。請在公告提案的聊天室送出。',
  },
  misreadings: {
    'unknown-command': `沒有這個指令。\n${HELP}`,
    'no-incident': '請註明事件，例如 /approve INC-3。',
    'bad-incident': '這不是事件編號：只能用字母、數字與「.」「_」「:」「-」，最多 64 個字元。',
    'bad-digest': '這不是摘要值：請給前 6 個以上的十六進位數字，例如 /approve INC-3 1a2b3c。',
    'too-many-words': `指令後面的字太多。\n${HELP}`,
    'several-lines': '一則訊息一個指令：請分開送出。',
    'no-reason': '請說明原因，例如 /reject INC-3 特賣到中午。',
    'reason-too-long': '原因超過 500 個字元：請縮短。',
    'unseen-characters': '訊息裡有看不見的字元。請手動輸入指令。',
  },
  help: HELP,
  gaveUp: '這則訊息無法處理，未計入任何投票。請重新送出；若仍失敗，請用 `blastgate approve` 投票。',
} as const satisfies ChatAnswerWords;
