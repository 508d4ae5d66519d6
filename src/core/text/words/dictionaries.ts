// The dictionary of each language.
import { announcementEn } from './announcement-en.ts';
import { announcementZhTw } from './announcement-zh-tw.ts';
import { chatAnswerEn } from './chat-answer-en.ts';
import { chatAnswerZhTw } from './chat-answer-zh-tw.ts';
import type { Dictionary } from './dictionary.ts';
import { impactEn, impactZhTw } from './impact.ts';
import type { Lang } from './lang.ts';
import { planEn } from './plan-en.ts';
import { planZhTw } from './plan-zh-tw.ts';
import { progressEn } from './progress-en.ts';
import { progressZhTw } from './progress-zh-tw.ts';
import { hardRulesEn, reasonsEn } from './reasons-en.ts';
import { hardRulesZhTw, reasonsZhTw } from './reasons-zh-tw.ts';
import { lacksEn, refusalsEn } from './refusals-en.ts';
import { lacksZhTw, refusalsZhTw } from './refusals-zh-tw.ts';
import { reviewEn } from './review-en.ts';
import { answerWaysEn, reviewStatusEn } from './review-status-en.ts';
import { answerWaysZhTw, reviewStatusZhTw } from './review-status-zh-tw.ts';
import { reviewZhTw } from './review-zh-tw.ts';
import { terminalEn } from './terminal-en.ts';
import { terminalZhTw } from './terminal-zh-tw.ts';

const en = {
  ...planEn,
  ...progressEn,
  refusals: refusalsEn,
  about: ' ({about})',
  propose: 'Propose by itself: {commands}',
  lacks: lacksEn,
  reasons: reasonsEn,
  hardRules: hardRulesEn,
  hardRule: 'A hard rule blocks this: {code} ({subject}).',
  announcement: announcementEn,
  chatAnswer: chatAnswerEn,
  impact: impactEn,
  review: reviewEn,
  reviewStatus: reviewStatusEn,
  terminal: terminalEn,
  ways: answerWaysEn,
} satisfies Dictionary;

const zhTw = {
  ...planZhTw,
  ...progressZhTw,
  refusals: refusalsZhTw,
  about: '（{about}）',
  propose: '請單獨提出：{commands}',
  lacks: lacksZhTw,
  reasons: reasonsZhTw,
  hardRules: hardRulesZhTw,
  hardRule: '硬性規則封鎖此動作：{code}（{subject}）。',
  announcement: announcementZhTw,
  chatAnswer: chatAnswerZhTw,
  impact: impactZhTw,
  review: reviewZhTw,
  reviewStatus: reviewStatusZhTw,
  terminal: terminalZhTw,
  ways: answerWaysZhTw,
} satisfies Dictionary;

export const DICTIONARIES: Readonly<Record<Lang, Dictionary>> = { en, 'zh-TW': zhTw };
