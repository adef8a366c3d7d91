import { execFile } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { chainedLines, linkTo } from '../../../templates/kernel/audit-chain.ts';
import { appendTo, fileAudit } from '../../../templates/kernel/audit.ts';
import { eventOf } from './event.ts';

const KERNEL = new URL('../../../templates/kernel/verify-audit.ts', import.meta.url);
const COMMAND = `import { verifyAudit } from '${KERNEL}'; process.exitCode = await verifyAudit(process.argv.slice(1));`;

function freshFile(name = 'audit.jsonl'): string {
  const folder = mkdtempSync(join(tmpdir(), 'audit-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, name);
}

/** Two servers that write to one file by turns: lines 1, 3, 5, 7 and 2, 4, 6, 8. */
function writeAudit(): { readonly path: string; readonly lines: readonly string[] } {
  const path = freshFile();
  const servers = [fileAudit(path), fileAudit(path)];
  for (const tool of ['a', 'b', 'c', 'd']) for (const server of servers) void server.record(eventOf(tool));
  return { path, lines: readFileSync(path, 'utf8').trimEnd().split('\n') };
}

function verify(...files: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--input-type=module', '--eval', COMMAND, '--', ...files], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), said: stdout + stderr }),
    );
  });
}

async function verifyLines(lines: readonly (string | undefined)[]) {
  const path = freshFile();
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return verify(path);
}

test('what servers wrote is as they wrote it, with a log between and in several files', async () => {
  const { path, lines } = writeAudit();
  expect(await verify(path)).toMatchObject({
    code: 0,
    said: expect.stringMatching(/^8 events, 0 other lines, 0 findings/),
  });
  const log = '{"message":"listening","level":"info"}';
  const [older, newer] = [freshFile(), freshFile()];
  writeFileSync(older, [...lines.slice(0, 3), log, ''].join('\n'));
  writeFileSync(newer, [...lines.slice(3), ''].join('\n'));
  expect(await verify(older, newer)).toMatchObject({
    code: 0,
    said: expect.stringContaining('8 events, 1 other lines'),
  });
  expect(await verify(newer)).toMatchObject({
    code: 1,
    said: expect.stringContaining('Line 1: 1 before it are missing'),
  });
});

test.each<[string, (lines: readonly string[]) => readonly (string | undefined)[], RegExp]>([
  [
    'a changed line',
    (l) => l.with(2, String(l[2]).replace('"ada', '"bob')),
    /^Line 5: the line .* before it was changed/,
  ],
  ['a removed line', (l) => l.toSpliced(2, 1), /^Line 4: 1 before it are missing \(2 to 2\)/],
  ['a removed first line', (l) => l.slice(1), /^Line 2: 1 before it are missing \(1 to 1\)/],
  ['several removed lines', (l) => l.toSpliced(2, 4), /^Line 3: 2 before it are missing \(2 to 3\)/],
  [
    'a repeated line',
    (l) => l.toSpliced(3, 0, l[2] ?? ''),
    /^Line 4: it is number 2 of its process, but stands where 3/,
  ],
  ['lines that changed places', (l) => l.with(2, l[4] ?? '').with(4, l[2] ?? ''), /^Line 3: 1 before it are missing/],
  ['an inserted event', (l) => l.toSpliced(2, 0, JSON.stringify(eventOf('x'))), /^Line 3: it has no chain/],
  [
    'an inserted event with a chain of its own making',
    (l) => l.toSpliced(4, 0, String(l[4]).replace('"ada', '"eve')),
    /^Line 6: it is number 3 of its process/,
  ],
  ['a line that was cut', (l) => l.with(2, String(l[2]).slice(0, 40)), /^Line 3: it is damaged/],
  ['a space at a line’s end', (l) => l.with(2, `${l[2]} `), /^Line 5: the line .* before it was changed/],
])('%s shows', async (_, tamper, expected) => {
  expect(await verifyLines(tamper(writeAudit().lines))).toMatchObject({
    code: 1,
    said: expect.stringMatching(expected),
  });
});

/** The end of each process, in the order they began in. */
async function endsOf(lines: readonly string[]): Promise<readonly string[]> {
  const { code, said } = await verifyLines(lines);
  expect({ code, said }).toMatchObject({ code: 0, said: expect.stringContaining('0 findings') });
  return said.match(/^Process \S+: \d+ events, the last [0-9a-f]{64}$/gm) ?? [];
}

test.each<[string, (lines: readonly string[]) => readonly string[]]>([
  ['a missing last line', (l) => l.slice(0, -1)],
  ['a changed last line', (l) => l.with(7, String(l[7]).replace('"ada', '"eve'))],
  ['a process that never was', (l) => [...l, linkTo('made-up', undefined, eventOf('x')).line]],
  ['all of it written anew', () => writeAudit().lines],
])('%s shows by the end of its process, and by that alone', async (_, tamper) => {
  const { lines } = writeAudit();
  const ends = await endsOf(lines);
  expect(ends).toHaveLength(2);
  expect(await endsOf(tamper(lines))).not.toEqual(ends);
});

test('nothing can be told of no file, of one that is not there and of one without events', async () => {
  const log = freshFile();
  writeFileSync(log, '{"message":"listening","level":"info"}\n');
  for (const files of [[], ['/nowhere/audit.jsonl'], [log]]) expect((await verify(...files)).code).toBe(2);
});

test('a line that is written in parts is written whole', async () => {
  const path = freshFile();
  const append = appendTo(openSync(path, 'a'), (file, bytes) => writeSync(file, bytes.subarray(0, 7)));
  const record = chainedLines(append);
  for (const tool of ['a', 'b']) record(eventOf(tool));
  expect(await verify(path)).toMatchObject({ code: 0, said: expect.stringMatching(/^2 events/) });
});

test('a line that could not be finished spoils no other, and is not counted', async () => {
  const path = freshFile();
  const faults = [false, true, false, false];
  const append = appendTo(openSync(path, 'a'), (file, bytes) => {
    if (bytes.length < 100 && faults.shift() === true) throw new Error('ENOSPC');
    return writeSync(file, bytes.subarray(0, Math.max(bytes.length - 50, 50)));
  });
  const record = chainedLines(append);
  record(eventOf('a'));
  expect(() => record(eventOf('b'))).toThrow('ENOSPC');
  record(eventOf('b'));
  const { code, said } = await verify(path);
  expect({ code, said }).toMatchObject({
    code: 1,
    said: expect.stringMatching(/^Line 2: it is damaged.*\n3 events, 0 other lines, 1 findings/),
  });
});
