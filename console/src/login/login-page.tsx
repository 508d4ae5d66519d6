// Logging in: by the company's issuer, or by a one-time link whose token never reaches a server log.
import { type ReactElement, useEffect, useState } from 'react';
import { ask } from '../api/client.ts';
import type { Session } from '../api/types.ts';
import { LangSelect } from '../shell/top-bar.tsx';
import { type Lang, useWords } from '../words/words.ts';

/** none: the page was opened without a link. */
export type LinkLogin = 'none' | 'opening' | 'done' | 'failed';

const tokenInAddress = (): string | null => /^#login=([\w.~-]+)$/.exec(window.location.hash)?.[1] ?? null;

/** Spends the token in the address by a POST, takes it out of the address and history first; then `load` reads the session. */
export function useLoginLink(load: () => Promise<void>): LinkLogin {
  const [token] = useState(tokenInAddress);
  const [link, setLink] = useState<LinkLogin>(token === null ? 'none' : 'opening');
  useEffect(() => {
    if (token === null) return;
    window.history.replaceState(null, '', window.location.pathname + window.location.search);
    ask('/login/link', { method: 'POST', body: { token }, lang: 'en' }).then(
      () => {
        setLink('done');
        void load();
      },
      () => {
        setLink('failed');
        void load();
      },
    );
  }, [token, load]);
  return link;
}

interface LoginPageProps {
  readonly session: Session | null;
  readonly link: LinkLogin;
  readonly hasEnded: boolean;
  readonly lang: Lang;
  readonly setLang: (lang: Lang) => void;
}

export function LoginPage({ session, link, hasEnded, lang, setLang }: LoginPageProps): ReactElement {
  const words = useWords();
  const here = encodeURIComponent(window.location.pathname + window.location.search);
  const { oidc, links } = session?.login ?? { oidc: false, links: false };
  return (
    <main id="content" className="alone login" data-testid="login">
      <p className="brand">Blastgate</p>
      <h1>{words.login.title}</h1>
      <p>{words.login.text}</p>
      {hasEnded && <p className="banner">{words.login.ended}</p>}
      {link === 'failed' && (
        <p className="banner bad" role="alert">
          {words.login.failed}
        </p>
      )}
      {oidc && (
        <a className="button primary" href={`/login/oidc?to=${here}`}>
          {words.login.oidc}
        </a>
      )}
      {links && (
        <section>
          <h2>{words.login.link}</h2>
          <p>{words.login.linkText}</p>
          <pre className="code">blastgate login {words.login.you}</pre>
        </section>
      )}
      {session !== null && !oidc && !links && <p className="banner">{words.login.none}</p>}
      <LangSelect lang={lang} setLang={setLang} />
    </main>
  );
}
