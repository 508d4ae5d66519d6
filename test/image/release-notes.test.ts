// What a release says of itself: its own chapter of the changelog, whole, and nothing of another.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notesOf } from '../../scripts/release-notes.ts';

const CHANGELOG =
  '# Changelog\n\nKept by hand.\n\n## Unreleased\n\n- New.\n\n## 1.2.0 (2026-11-01)\n\n- ★ A.\n\n### Old\n\n- B.\n\n## v1.1.0\n\n## 1.0.0\n\n- First.\n';

test('the chapter of the version, with what stands below it', () => {
  assert.equal(notesOf(CHANGELOG, 'v1.2.0'), '- ★ A.\n\n### Old\n\n- B.');
  assert.equal(notesOf(CHANGELOG, '1.0.0'), '- First.');
});

test('a version without a chapter is what is not released yet', () => {
  assert.equal(notesOf(CHANGELOG, '2.0.0'), '- New.');
});

test('a chapter that says nothing is none', () => {
  assert.equal(notesOf(CHANGELOG, '1.1.0'), null);
  assert.equal(notesOf('# Changelog\n', '1.1.0'), null);
});
