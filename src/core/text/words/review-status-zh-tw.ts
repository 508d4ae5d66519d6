// The status comment in Traditional Chinese, and the ways to answer.
import type { AnswerWaysWords, ReviewStatusWords } from './review-status.ts';

export const reviewStatusZhTw = {
  mayStill: '尚可核准者',
  until: '核准有效至',
  ended: '結束於',
  howTo: (ways) => `核准方式：${ways}。`,
  rejectBy: (command) => `否決（一人即可）：${command}。指令須單獨寫成一則留言。`,
  reason: '理由',
  breakGlass: (who, at, reason) => `🚨 **緊急破窗**：${who} · ${at}，一人代替所有缺少的核准。理由：${reason}`,
  closedByHand: '此 issue 已由人手動關閉。這不代表任何決定：仍在等待投票。',
  notCounted: '未計入的留言',
  somebody: '某人',
  misreadings: {
    'digest-missing': '指令之後必須寫出摘要值的前 6 個以上字元。',
    'not-alone': '指令須獨立成行，且上下各有空行，才會計入。',
    'place-unclear': '指令之前的內容可能是引用的郵件、未結束的程式碼區塊或 HTML：請另寫一則只含指令的留言。',
    'several-commands': '留言中有一個以上的指令。',
    'words-behind': '摘要值之後還有其他文字。',
    'reason-missing': '否決須在摘要值之後寫出理由。',
    'reason-long': '理由超過 500 個字元。',
    unseen: '指令中含有看不見的字元。',
  },
  natures: {
    edited: '編輯過的留言不計入：請另寫一則新留言。',
    'text-changed':
      '此 issue 的內容與閘門寫的不同：可能遭人編輯，或由較舊的版本建立。閘門會重新寫上原文：請閱讀後，另寫一則新留言。',
  },
} as const satisfies ReviewStatusWords;

export const answerWaysZhTw = {
  chat: (command, brand) => `在 ${brand} 回覆 ${command}`,
  comment: (command, issue) => `在${issue === null ? '此' : `審核 issue ${issue} `}留言 ${command}`,
  console: (address) => `在 ${address} 決定`,
  commandLine: (command) => `執行 ${command}`,
  comma: '、',
  or: '或',
} as const satisfies AnswerWaysWords;
