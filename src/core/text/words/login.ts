// What people read of logins, in both languages: in the chat, at the command line, on the pages of a login.
import type { Sentence } from './sentence.ts';

export interface LoginWords {
  /** In the chat. `person` is an id. */
  readonly linkMade: Sentence;
  readonly loggedIn: Sentence;
  /** `blastgate login`, over the address. */
  readonly link: Sentence;
  readonly linkOnce: string;
}

export const loginEn = {
  linkMade: 'A one-time login link was made for {person}. If that was not you, tell an admin.',
  loggedIn: '{person} has logged in by a one-time link. If that was not you, tell an admin.',
  link: 'Open this in the browser of {person}:',
  linkOnce: 'It logs in once, within five minutes. Whoever has it is that person: do not send it on.',
} as const satisfies LoginWords;

export const loginZhTw = {
  linkMade: '已產生一次性連結，{person} 可用它登入主控台。若不是您本人，請通知管理員。',
  loggedIn: '{person} 已使用一次性連結登入主控台。若不是您本人，請通知管理員。',
  link: '請在 {person} 的瀏覽器中開啟：',
  linkOnce: '僅可於五分鐘內登入一次。持有此連結者即為該人員：請勿轉寄。',
} as const satisfies LoginWords;
