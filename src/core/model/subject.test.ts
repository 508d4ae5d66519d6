// One subject, however it is written.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountsGroup, subjectName } from './subject.ts';

test('a service account named as a user is that service account', () => {
  assert.equal(subjectName('User:system:serviceaccount:shop:web'), 'ServiceAccount:shop/web');
  for (const other of [
    'User:alice',
    'User:system:serviceaccount:shop',
    'User:system:serviceaccount:shop:web:x',
    'Group:system:serviceaccount:shop:web',
    'ServiceAccount:shop/web',
  ])
    assert.equal(subjectName(other), other);
});

test('service accounts are in the group of their namespace', () => {
  assert.equal(accountsGroup('ServiceAccount:shop/web'), 'Group:system:serviceaccounts:shop');
  assert.equal(accountsGroup('User:alice'), null);
});
