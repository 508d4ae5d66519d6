// The shell of the page: who is logged in, the live stream, and which screen stands at the address.
import { lazy, type ReactElement, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { ask, Trouble } from './api/client.ts';
import { GateContext } from './api/gate.ts';
import { type LiveEvent, type Link as LiveLink, type LiveStream, listen } from './api/live.ts';
import type { Session } from './api/types.ts';
import { LoginPage, useLoginLink } from './login/login-page.tsx';
import { QueuePage } from './queue/queue-page.tsx';
import { go, useAddress } from './router.ts';
import { KeysDialog } from './shell/keys-dialog.tsx';
import { TopBar } from './shell/top-bar.tsx';
import { useScheme } from './shell/use-scheme.ts';
import { WaitingCount } from './shell/waiting-count.tsx';
import { Link } from './ui/link.tsx';
import { Loading, Notice, TroubleNotice } from './ui/notice.tsx';
import { useShortcuts } from './ui/shortcuts.ts';
import { firstLang, keepLang, LANGS, type Lang, SpeechContext, useWords } from './words/words.ts';

const ProposalPage = lazy(() =>
  import('./proposal/proposal-page.tsx').then((file) => ({ default: file.ProposalPage })),
);
const OutcomesPage = lazy(() => import('./insight/outcomes-page.tsx').then((file) => ({ default: file.OutcomesPage })));
const AuditPage = lazy(() => import('./insight/audit-page.tsx').then((file) => ({ default: file.AuditPage })));
const PolicyPage = lazy(() => import('./insight/policy-page.tsx').then((file) => ({ default: file.PolicyPage })));

export function App(): ReactElement {
  const [lang, setLang] = useState<Lang>(firstLang);
  useEffect(() => keepLang(lang), [lang]);
  const speech = useMemo(() => ({ lang, words: LANGS[lang] }), [lang]);
  return (
    <SpeechContext value={speech}>
      <SessionGate lang={lang} setLang={setLang} />
    </SpeechContext>
  );
}

const SessionGate = ({ lang, setLang }: { lang: Lang; setLang: (lang: Lang) => void }): ReactElement => {
  const [session, setSession] = useState<Session | Trouble | null>(null);
  const [hasEnded, setHasEnded] = useState(false);
  const load = useCallback(async () => {
    try {
      setSession(await ask<Session>('/v1/session', { lang: firstLang() }));
    } catch (error) {
      if (error instanceof Trouble) setSession(error);
    }
  }, []);
  const link = useLoginLink(load);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page opens.
  useEffect(() => {
    if (link === 'none') void load();
  }, []);
  useEffect(() => {
    if (!(session instanceof Trouble)) return;
    const timer = setTimeout(() => void load(), 3_000);
    return () => clearTimeout(timer);
  }, [session, load]);
  const ended = useCallback(() => {
    setHasEnded(true);
    void load();
  }, [load]);
  const bar = { lang, setLang };
  if (session instanceof Trouble) {
    return (
      <main id="content" className="alone">
        <TroubleNotice trouble={session} again={() => void load()} />
      </main>
    );
  }
  if (session === null) {
    return (
      <main id="content" className="alone">
        {link === 'failed' ? <LoginPage session={null} link={link} hasEnded={false} {...bar} /> : <Loading />}
      </main>
    );
  }
  if (session.person === null) return <LoginPage session={session} link={link} hasEnded={hasEnded} {...bar} />;
  return <Screens session={session} ended={ended} {...bar} />;
};

interface ScreensProps {
  readonly session: Session;
  readonly ended: () => void;
  readonly lang: Lang;
  readonly setLang: (lang: Lang) => void;
}

/** One stream for all screens, from the login to its end. */
const useLive = (ended: () => void) => {
  const [link, setLink] = useState<LiveLink>('connecting');
  const listeners = useRef(new Set<(event: LiveEvent) => void>());
  const stream = useRef<LiveStream | null>(null);
  useEffect(() => {
    const live = listen({
      event: (event) => {
        for (const listener of listeners.current) listener(event);
      },
      link: (to) => (to === 'ended' ? ended() : setLink(to)),
    });
    stream.current = live;
    const hurry = (): void => live.hurry();
    window.addEventListener('online', hurry);
    return () => {
      live.stop();
      window.removeEventListener('online', hurry);
    };
  }, [ended]);
  const onEvent = useCallback((listener: (event: LiveEvent) => void) => {
    listeners.current.add(listener);
    return () => {
      listeners.current.delete(listener);
    };
  }, []);
  return { link, onEvent };
};

const Screens = ({ session, ended, lang, setLang }: ScreensProps): ReactElement => {
  const { link, onEvent } = useLive(ended);
  const gate = useMemo(() => ({ session, link, onEvent, ended }), [session, link, onEvent, ended]);
  const [scheme, setScheme] = useScheme();
  const [isHelpOpen, setHelpOpen] = useState(false);
  const help = useCallback(() => setHelpOpen(true), []);
  useShortcuts({
    '?': help,
    'g q': () => go('/'),
    'g o': () => go('/outcomes'),
    'g a': () => go('/audit'),
    'g p': () => go('/policy'),
  });
  return (
    <GateContext value={gate}>
      <WaitingCount>
        {(count) => (
          <TopBar count={count} lang={lang} setLang={setLang} scheme={scheme} setScheme={setScheme} help={help} />
        )}
      </WaitingCount>
      <Suspense
        fallback={
          <main id="content">
            <Loading />
          </main>
        }
      >
        <Screen />
      </Suspense>
      {isHelpOpen && <KeysDialog onClose={() => setHelpOpen(false)} />}
    </GateContext>
  );
};

const Screen = (): ReactElement => {
  const words = useWords();
  const { path } = useAddress();
  const [, id] = /^\/proposals\/([^/]+)\/?$/.exec(path) ?? [];
  if (path === '/') return <QueuePage />;
  if (id !== undefined) return <ProposalPage key={id} id={decodeURIComponent(id)} />;
  if (path === '/outcomes') return <OutcomesPage />;
  if (path === '/audit') return <AuditPage />;
  if (path === '/policy') return <PolicyPage />;
  return (
    <main id="content" className="alone">
      <Notice title={words.trouble.nothingHere}>
        <Link href="/">{words.trouble.home}</Link>
      </Notice>
    </main>
  );
};
