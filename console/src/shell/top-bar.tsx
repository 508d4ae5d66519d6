// The bar above every screen: where one is, whether it is live, language, colours, who one is.
import type { ReactElement } from 'react';
import { ask } from '../api/client.ts';
import { useGate } from '../api/gate.ts';
import { useAddress } from '../router.ts';
import { Link } from '../ui/link.tsx';
import { plain } from '../ui/others-words.ts';
import { LANGS, type Lang, useWords } from '../words/words.ts';
import type { Scheme } from './use-scheme.ts';
import { countText } from './waiting-count.tsx';

interface TopBarProps {
  readonly count: number;
  readonly lang: Lang;
  readonly setLang: (lang: Lang) => void;
  readonly scheme: Scheme;
  readonly setScheme: (scheme: Scheme) => void;
  readonly help: () => void;
}

const PAGES = [
  ['/', 'queue'],
  ['/outcomes', 'outcomes'],
  ['/audit', 'audit'],
  ['/policy', 'policy'],
] as const;

const NEXT_SCHEME: { readonly [S in Scheme]: Scheme } = { system: 'dark', dark: 'light', light: 'system' };
const SCHEME_SIGN: { readonly [S in Scheme]: string } = { system: '◐', dark: '●', light: '○' };

export function TopBar({ count, lang, setLang, scheme, setScheme, help }: TopBarProps): ReactElement {
  const words = useWords();
  const { session } = useGate();
  const { path } = useAddress();
  return (
    <header className="top">
      <a className="skip" href="#content">
        {words.app.skip}
      </a>
      <Link href="/" className="brand">
        Blastgate
        {session.cluster !== null && <span className="muted"> {plain(session.cluster)}</span>}
        {session.demo && <span className="pill tone-quiet">{words.app.demo}</span>}
      </Link>
      <nav aria-label="Blastgate">
        {PAGES.map(([href, name]) => (
          <Link key={href} href={href} aria-current={path === href ? 'page' : undefined}>
            {words.app[name]}
            {name === 'queue' && count > 0 && (
              <span className="count" title={words.app.waiting(count)}>
                {countText(count)}
              </span>
            )}
          </Link>
        ))}
      </nav>
      <div className="top-right">
        <LinkState />
        <LangSelect lang={lang} setLang={setLang} />
        <button
          type="button"
          className="quiet small"
          aria-label={words.app.scheme}
          title={`${words.app.scheme}: ${scheme}`}
          onClick={() => setScheme(NEXT_SCHEME[scheme])}
        >
          {SCHEME_SIGN[scheme]}
        </button>
        <button type="button" className="quiet small" aria-label={words.app.keys} title={words.app.keys} onClick={help}>
          ?
        </button>
        <Me />
      </div>
    </header>
  );
}

export function LangSelect({ lang, setLang }: { lang: Lang; setLang: (lang: Lang) => void }): ReactElement {
  const words = useWords();
  return (
    <select
      className="small"
      aria-label={words.app.language}
      value={lang}
      onChange={(event) => setLang(event.target.value as Lang)}
    >
      {Object.entries(LANGS).map(([code, { name }]) => (
        <option key={code} value={code}>
          {name}
        </option>
      ))}
    </select>
  );
}

const LinkState = (): ReactElement => {
  const words = useWords();
  const { link } = useGate();
  const text = link === 'live' ? words.app.live : navigator.onLine ? words.app.reconnecting : words.app.offline;
  return (
    <span className={`link-state ${link}`} role="status">
      <span className="dot" aria-hidden="true" />
      {text}
    </span>
  );
};

const Me = (): ReactElement | null => {
  const words = useWords();
  const { session } = useGate();
  if (session.person === null) return null;
  const logout = async (): Promise<void> => {
    const answer = await ask<{ readonly next?: string } | null>('/logout', {
      method: 'POST',
      csrf: session.csrf,
      lang: 'en',
    }).catch(() => null);
    // The issuer's own logout, where it has one.
    window.location.assign(answer?.next ?? '/');
  };
  return (
    <span className="me">
      <span className="me-name">{plain(session.person.name)}</span>
      <button type="button" className="quiet small" onClick={() => void logout()}>
        {words.app.logout}
      </button>
    </span>
  );
};
