// The policy in force, what each code means, and a command tried against it.
import { type ReactElement, useState } from 'react';
import { useResource } from '../api/gate.ts';
import type { Bilingual, CodeMeaning } from '../api/types.ts';
import { Loading, TroubleNotice } from '../ui/notice.tsx';
import { plain } from '../ui/others-words.ts';
import { PageHeading } from '../ui/page-heading.tsx';
import { type Lang, useLang, useWords } from '../words/words.ts';
import { TryCommand } from './try-command.tsx';

interface PolicyAnswer {
  readonly digest?: string;
  readonly text?: string;
  readonly policy?: unknown;
}

export function PolicyPage(): ReactElement {
  const words = useWords();
  const policy = useResource<PolicyAnswer>('/v1/policy');
  return (
    <main id="content" className="insight">
      <PageHeading>{words.policy.title}</PageHeading>
      <TryCommand />
      <section className="part">
        <h2>{words.policy.title}</h2>
        {policy.is === 'loading' && <Loading />}
        {policy.is === 'trouble' &&
          (policy.trouble.status === 404 ? (
            <p className="muted">{words.policy.none}</p>
          ) : (
            <TroubleNotice trouble={policy.trouble} again={policy.again} />
          ))}
        {policy.is === 'ready' && (
          <>
            {policy.value.digest !== undefined && (
              <p className="digest">
                <span className="muted">{words.policy.digest}</span> <code>{plain(policy.value.digest)}</code>
              </p>
            )}
            <pre className="code raw">
              {plain(policy.value.text ?? JSON.stringify(policy.value.policy ?? policy.value, null, 2))}
            </pre>
          </>
        )}
      </section>
      <Codes />
    </main>
  );
}

const said = (text: Bilingual | null, lang: Lang): string | null =>
  text === null || typeof text === 'string' ? text : text[lang];

const Codes = (): ReactElement | null => {
  const words = useWords();
  const lang = useLang();
  const [search, setSearch] = useState('');
  const found = useResource<{ readonly codes: readonly CodeMeaning[] }>('/v1/codes');
  if (found.is === 'loading') return <Loading />;
  if (found.is === 'trouble')
    return found.trouble.status === 404 ? null : <TroubleNotice trouble={found.trouble} again={found.again} />;
  const wanted = search.trim().toLowerCase();
  const fits = found.value.codes.filter(
    ({ code, kind, message }) =>
      wanted === '' || `${code} ${kind} ${said(message, lang) ?? ''}`.toLowerCase().includes(wanted),
  );
  return (
    <section className="part">
      <div className="part-head">
        <h2>{words.policy.codes}</h2>
        <input
          type="search"
          value={search}
          placeholder={words.policy.search}
          aria-label={words.policy.search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </div>
      {fits.length === 0 && <p className="muted">{words.policy.noCode}</p>}
      <dl className="codes">
        {fits.map(({ kind, code, message, remedy }) => (
          <div key={`${kind} ${code}`}>
            <dt>
              <code>{plain(code)}</code> <span className="pill tone-quiet">{words.policy.kind[kind] ?? kind}</span>
            </dt>
            <dd>
              {plain(said(message, lang))}{' '}
              {remedy !== null && <span className="muted">{plain(said(remedy, lang))}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
};
