// What people read of logins, in both languages: in the chat, at the command line, on the pages of a login.
import type { Sentence } from './sentence.ts';

export interface LoginWords {
  /** In the chat. `person` is an id. */
  readonly linkMade: Sentence;
  readonly loggedIn: Sentence;
  /** `blastgate login`, over the address. */
  readonly link: Sentence;
  readonly linkOnce: string;
  readonly notBegun: string;
  /** `account`: what the issuer says who it is. */
  readonly unmapped: Sentence;
  readonly issuerDown: string;
  readonly issuerRefused: Sentence;
  readonly issuerUnclear: string;
  readonly tryAgain: string;
  readonly goOn: string;
}

export const loginEn = {
  linkMade: 'A one-time login link was made for {person}. If that was not you, tell an admin.',
  loggedIn: '{person} has logged in by a one-time link. If that was not you, tell an admin.',
  link: 'Open this in the browser of {person}:',
  linkOnce: 'It logs in once, within five minutes. Whoever has it is that person: do not send it on.',
  notBegun: 'This login was not begun in this browser, or it took more than ten minutes.',
  unmapped:
    'You have logged in as {account}, but people.yaml of this gate knows nobody by that account. Ask an admin to add it under accounts, oidc.',
  issuerDown:
    'The login service does not answer. Try again in a minute; approving in the chat or by the command line goes on meanwhile.',
  issuerRefused: 'The login service has refused the login[ ({reason})].',
  issuerUnclear:
    'The answer of the login service does not fit this login, so that it does not count. The log of the gate says why.',
  tryAgain: 'Log in again',
  goOn: 'Go on',
} as const satisfies LoginWords;

export const loginZhTw = {
  linkMade: '已產生一次性連結，{person} 可用它登入主控台。若不是您本人，請通知管理員。',
  loggedIn: '{person} 已使用一次性連結登入主控台。若不是您本人，請通知管理員。',
  link: '請在 {person} 的瀏覽器中開啟：',
  linkOnce: '僅可於五分鐘內登入一次。持有此連結者即為該人員：請勿轉寄。',
  notBegun: '此登入並非在這個瀏覽器開始，或已超過十分鐘。',
  unmapped: '您已以 {account} 登入，但此閘門的 people.yaml 中沒有人使用該帳號。請管理員將它加入 accounts 的 oidc。',
  issuerDown: '登入服務沒有回應。請於一分鐘後再試；期間仍可在聊天室或以命令列核准。',
  issuerRefused: '登入服務拒絕了此登入[（{reason}）]。',
  issuerUnclear: '登入服務的回應與此登入不符，因此不予採計。原因請見閘門的日誌。',
  tryAgain: '重新登入',
  goOn: '繼續',
} as const satisfies LoginWords;
