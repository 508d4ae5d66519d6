// The head of a page that can be taken away as a file.
import type { ReactElement } from 'react';
import { PageHeading } from '../ui/page-heading.tsx';
import { useWords } from '../words/words.ts';

export function ExportedHead({ title, name }: { title: string; name: 'audit' | 'outcomes' }): ReactElement {
  const words = useWords().outcomes;
  return (
    <div className="part-head">
      <PageHeading>{title}</PageHeading>
      <span>
        {words.download}:{' '}
        <a href={`/v1/export/${name}.csv`} download>
          {words.csv}
        </a>{' '}
        <a href={`/v1/export/${name}.json`} download>
          {words.json}
        </a>
      </span>
    </div>
  );
}
