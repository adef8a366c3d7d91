import { expect, test } from 'vitest';

import type { DiskEntry } from '../../src/output/disk.ts';
import { sha256 } from '../../src/output/hash.ts';
import type { Lock } from '../../src/output/lockfile.ts';
import { forceChanges, reconcile } from '../../src/output/reconcile.ts';
import type { RenderedFile } from '../../src/render/render.ts';

const PATH = 'src/generated/server.ts';

const file = (text: string): DiskEntry => ({ kind: 'file', text, sha256: sha256(text) });
const generated = (contents: string, path = PATH): RenderedFile => ({ path, contents, owner: 'generated' });
const yours = (path: string, extra: Partial<RenderedFile> = {}): RenderedFile => ({
  path,
  contents: 'a stub',
  owner: 'you',
  ...extra,
});

function lockWith(files: Lock['files'], pending?: Lock['pending']): Lock {
  return { version: 1, generator: '0', manifest: sha256(''), files, tools: {}, ...(pending && { pending }) };
}
const locked = (text: string, path = PATH): Lock => lockWith({ [path]: { owner: 'generated', sha256: sha256(text) } });

function kinds(
  rendered: readonly RenderedFile[],
  lock: Lock | undefined,
  disk: Readonly<Record<string, DiskEntry>>,
): Record<string, string> {
  const changes = reconcile({ rendered, lock, disk: new Map(Object.entries(disk)) });
  return Object.fromEntries(changes.map(({ path, kind }) => [path, kind]));
}

test.each([
  ['is not there', undefined, {}, 'create'],
  ['is not there, but was written before', locked('new'), {}, 'create'],
  ['is as planned', locked('new'), { [PATH]: file('new') }, 'unchanged'],
  ['is as written last time', locked('old'), { [PATH]: file('old') }, 'replace'],
  ['is as planned, which the lock does not know', undefined, { [PATH]: file('new') }, 'adopt'],
  ['is as planned, while the lock still has the last run', locked('old'), { [PATH]: file('new') }, 'adopt'],
  ['was edited', locked('old'), { [PATH]: file('mine') }, 'edited'],
  ['was there before', undefined, { [PATH]: file('mine') }, 'in-the-way'],
  ['is a directory', locked('old'), { [PATH]: { kind: 'other' } }, 'in-the-way'],
] as const)('a generated file that %s', (_, lock, disk, kind) => {
  expect(kinds([generated('new')], lock, disk)).toEqual({ [PATH]: kind });
});

test.each([
  ['untouched', locked('old'), { [PATH]: file('old') }, { [PATH]: 'delete' }],
  ['edited', locked('old'), { [PATH]: file('mine') }, { [PATH]: 'orphaned' }],
  ['gone', locked('old'), {}, {}],
  ['unknown to the lock', undefined, { [PATH]: file('mine') }, { [PATH]: 'orphaned' }],
] as const)('a generated file that is planned no longer and is %s', (_, lock, disk, expected) => {
  expect(kinds([], lock, disk)).toEqual(expected);
});

test('what a run that died may have written is not taken for an edit', () => {
  const lock = lockWith({ [PATH]: { owner: 'generated', sha256: sha256('old') } }, { [PATH]: [sha256('half-way')] });
  expect(kinds([generated('new')], lock, { [PATH]: file('old') })).toEqual({ [PATH]: 'replace' });
  expect(kinds([generated('new')], lock, { [PATH]: file('half-way') })).toEqual({ [PATH]: 'replace' });
  expect(kinds([generated('new')], lock, { [PATH]: file('mine') })).toEqual({ [PATH]: 'edited' });
  expect(kinds([], lock, { [PATH]: file('half-way') })).toEqual({ [PATH]: 'delete' });
});

test('a file of yours is written once, and not again after you removed it', () => {
  const readme = yours('README.md');
  const known = lockWith({ 'README.md': { owner: 'you' } });
  expect(kinds([readme], undefined, {})).toEqual({ 'README.md': 'create' });
  expect(kinds([readme], undefined, { 'README.md': file('mine') })).toEqual({ 'README.md': 'kept' });
  expect(kinds([readme], known, {})).toEqual({ 'README.md': 'kept' });
  expect(kinds([readme], lockWith({}, { 'README.md': [] }), {})).toEqual({ 'README.md': 'create' });
});

test('a handler that the project cannot compile without is written again', () => {
  const path = 'src/tools/add.ts';
  const known = lockWith({ [path]: { owner: 'you', tool: 'add' } });
  expect(kinds([yours(path, { needed: true })], known, {})).toEqual({ [path]: 'create' });
});

test('a starting test is written with its handler and not without', () => {
  const handler = yours('src/tools/add.ts', { needed: true });
  const startingTest = yours('test/tools/add.test.ts', { onlyWith: handler.path });
  expect(kinds([handler, startingTest], undefined, {})).toEqual({
    [handler.path]: 'create',
    [startingTest.path]: 'create',
  });
  expect(kinds([handler, startingTest], undefined, { [handler.path]: file('mine') })).toEqual({
    [handler.path]: 'kept',
    [startingTest.path]: 'kept',
  });
});

test('the handler of a removed tool stays and is named; your other files just stay', () => {
  const lock = lockWith({ 'src/tools/add.ts': { owner: 'you', tool: 'add' }, 'src/tools/money.ts': { owner: 'you' } });
  const disk = { 'src/tools/add.ts': file('mine'), 'src/tools/money.ts': file('mine') };
  expect(kinds([], lock, disk)).toEqual({ 'src/tools/add.ts': 'kept-handler', 'src/tools/money.ts': 'kept' });
});

test('force overwrites what was edited, and neither directories nor orphans', () => {
  const disk = new Map<string, DiskEntry>([
    ['a.ts', file('mine')],
    ['b.ts', { kind: 'other' }],
    [PATH, file('mine')],
  ]);
  const rendered = [generated('new', 'a.ts'), generated('new', 'b.ts')];
  const changes = forceChanges(reconcile({ rendered, lock: undefined, disk }));
  expect(changes.map(({ path, kind }) => [path, kind])).toEqual([
    ['a.ts', 'replace'],
    ['b.ts', 'in-the-way'],
    [PATH, 'orphaned'],
  ]);
});
