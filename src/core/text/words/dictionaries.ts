// The dictionary of each language.
import { agentProofEn, agentProofZhTw } from './agent-proof.ts';
import { announcementEn } from './announcement-en.ts';
import { announcementZhTw } from './announcement-zh-tw.ts';
import { chatAnswerEn } from './chat-answer-en.ts';
import { chatAnswerZhTw } from './chat-answer-zh-tw.ts';
import type { Dictionary } from './dictionary.ts';
import { guardExecutorEn, guardExecutorZhTw } from './guard-executor.ts';
import { helpEn } from './help-en.ts';
import { helpZhTw } from './help-zh-tw.ts';
import { impactEn, impactZhTw } from './impact.ts';
import type { Lang } from './lang.ts';
import { loginEn, loginZhTw } from './login.ts';
import { planEn } from './plan-en.ts';
import { planZhTw } from './plan-zh-tw.ts';
import { progressEn } from './progress-en.ts';
import { progressZhTw } from './progress-zh-tw.ts';
import { proxyEn, proxyZhTw } from './proxy.ts';
import { hardRulesEn, reasonsEn } from './reasons-en.ts';
import { hardRulesZhTw, reasonsZhTw } from './reasons-zh-tw.ts';
import { causesEn, lacksEn, refusalsEn, unsentEn } from './refusals-en.ts';
import { causesZhTw, lacksZhTw, refusalsZhTw, unsentZhTw } from './refusals-zh-tw.ts';
import { replayEn } from './replay-en.ts';
import { replayZhTw } from './replay-zh-tw.ts';
import { reviewEn } from './review-en.ts';
import { answerWaysEn, reviewStatusEn } from './review-status-en.ts';
import { answerWaysZhTw, reviewStatusZhTw } from './review-status-zh-tw.ts';
import { reviewZhTw } from './review-zh-tw.ts';
import { shadowEn } from './shadow-en.ts';
import { shadowZhTw } from './shadow-zh-tw.ts';
import { terminalEn } from './terminal-en.ts';
import { terminalZhTw } from './terminal-zh-tw.ts';

const en = {
  ...planEn,
  ...progressEn,
  refusals: refusalsEn,
  about: ' ({about})',
  propose: 'Propose by itself: {commands}',
  causes: causesEn,
  lacks: lacksEn,
  several: { message: 'This names more than one proposal: {proposals}.', remedy: 'Name one of them by its id.' },
  unsent: unsentEn,
  andMore: '(and {count} more)',
  ended: {
    message: '{proposal} of {incident} is {state} since {since}[ by {by}].[ {why}]',
    again: 'Propose the command again.',
    look: 'Look at it with `blastgate show {proposal}`.',
  },
  reasons: reasonsEn,
  hardRules: hardRulesEn,
  hardRule: 'A hard rule blocks this: {code} ({subject}).',
  announcement: announcementEn,
  chatAnswer: chatAnswerEn,
  agentProof: agentProofEn,
  guardExecutor: guardExecutorEn,
  help: helpEn,
  impact: impactEn,
  login: loginEn,
  proxy: proxyEn,
  replay: replayEn,
  review: reviewEn,
  reviewStatus: reviewStatusEn,
  shadow: shadowEn,
  terminal: terminalEn,
  ways: answerWaysEn,
} satisfies Dictionary;

const zhTw = {
  ...planZhTw,
  ...progressZhTw,
  refusals: refusalsZhTw,
  about: '（{about}）',
  propose: '請單獨提出：{commands}',
  causes: causesZhTw,
  lacks: lacksZhTw,
  several: { message: '這指向不只一個提案：{proposals}。', remedy: '請以編號指明其中一個。' },
  unsent: unsentZhTw,
  andMore: '（另有 {count} 項）',
  ended: {
    message: '{incident} 的 {proposal} 自 {since} 起為 {state}[（由 {by}）]。[ {why}]',
    again: '請重新提出指令。',
    look: '請以 `blastgate show {proposal}` 查看。',
  },
  reasons: reasonsZhTw,
  hardRules: hardRulesZhTw,
  hardRule: '硬性規則封鎖此動作：{code}（{subject}）。',
  announcement: announcementZhTw,
  chatAnswer: chatAnswerZhTw,
  agentProof: agentProofZhTw,
  guardExecutor: guardExecutorZhTw,
  help: helpZhTw,
  impact: impactZhTw,
  login: loginZhTw,
  proxy: proxyZhTw,
  replay: replayZhTw,
  review: reviewZhTw,
  reviewStatus: reviewStatusZhTw,
  shadow: shadowZhTw,
  terminal: terminalZhTw,
  ways: answerWaysZhTw,
} satisfies Dictionary;

export const DICTIONARIES: Readonly<Record<Lang, Dictionary>> = { en, 'zh-TW': zhTw };
