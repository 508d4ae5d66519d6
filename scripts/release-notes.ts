// A version → what CHANGELOG.md says of it, for the page of a release: `npm run --silent release-notes -- 0.1.0`. Of a version that has no chapter
// yet, what stands under "Unreleased". Fails where there is nothing to say.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The chapter of a version, without its title; null where it has none or an empty one. */
export function notesOf(changelog: string, version: string): string | null {
  const chapters = new Map(
    changelog
      .split(/^## /m)
      .slice(1)
      .map((chapter) => {
        const [title = '', ...lines] = chapter.split('\n');
        return [title.trim().replace(/^v/, '').split(' ')[0] ?? '', lines.join('\n').trim()];
      }),
  );
  const notes = chapters.get(version.replace(/^v/, '')) ?? chapters.get('Unreleased') ?? '';
  return notes === '' ? null : notes;
}

if (import.meta.main) {
  const [version] = process.argv.slice(2);
  const notes =
    version === undefined ? null : notesOf(readFileSync(join(import.meta.dirname, '../CHANGELOG.md'), 'utf8'), version);
  if (notes === null) {
    process.stderr.write(`release-notes: CHANGELOG.md says nothing of ${version ?? '(name a version)'}\n`);
    process.exitCode = 1;
  } else {
    process.stdout.write(
      `${notes}\n\n★ can make a decision come out differently: read those lines before you upgrade.\n`,
    );
  }
}
