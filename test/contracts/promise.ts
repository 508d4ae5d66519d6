// A promise of a contract → one test of it, over a fresh object that is closed afterwards.
import { test } from 'node:test';

/** `open` gives a fresh, empty one. */
export const promisesOf =
  <T extends { close(): Promise<void> }>(name: string, open: () => Promise<T>) =>
  (says: string, check: (one: T) => Promise<void>): void => {
    test(`${name}: ${says}`, async () => {
      const one = await open();
      try {
        await check(one);
      } finally {
        await one.close();
      }
    });
  };
