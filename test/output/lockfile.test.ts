import { expect, test } from 'vitest';

import { sha256 } from '../../src/output/hash.ts';
import { parseLock, printLock, type Lock } from '../../src/output/lockfile.ts';

const lock: Lock = {
  version: 1,
  generator: '0.1.0',
  manifest: sha256('a manifest'),
  files: { 'b.ts': { owner: 'kernel', sha256: sha256('b') }, 'a.ts': { owner: 'you', tool: 'a' } },
  pending: { 'b.ts': [sha256('c')] },
  tools: { z: { description: 'last' }, a: {} },
};

test('a lock reads as it was written', () => {
  expect(parseLock(printLock(lock))).toEqual({ lock });
});

test('a lock is written in sorted order, whatever order things came in', () => {
  const text = printLock(lock);
  expect(text.indexOf('"a.ts"')).toBeLessThan(text.indexOf('"b.ts"'));
  expect(text.indexOf('"a": {}')).toBeLessThan(text.indexOf('"z"'));
});

test('no lock is no problem', () => {
  expect(parseLock(undefined)).toEqual({ lock: undefined });
});

test.each([
  ['that is no JSON', '{', 'it is not JSON'],
  ['with merge conflicts', '{\n<<<<<<< HEAD\n', 'it has merge conflict markers'],
  ['of another version', printLock(lock).replace('"version": 1', '"version": 2'), 'version: '],
  ['that names a file above the project', printLock(lock).replace('"b.ts"', '"../b.ts"'), 'files'],
  ['that names an absolute path', printLock(lock).replace('"b.ts"', '"/etc/passwd"'), 'files'],
  ['that names a path with a backslash', printLock(lock).replace('"b.ts"', String.raw`"..\\b.ts"`), 'files'],
])('a lock %s is refused with the reason', (_, text, reason) => {
  expect(parseLock(text)).toEqual({ problem: expect.stringContaining(reason) });
});
