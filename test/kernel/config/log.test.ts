import { expect, test } from 'vitest';

import { KnownSecrets } from '../../../templates/kernel/config/known-secrets.ts';
import { createLogger } from '../../../templates/kernel/log.ts';

function logged(write: (log: ReturnType<typeof createLogger>) => void, secrets = new KnownSecrets()): string[] {
  const lines: string[] = [];
  write(createLogger(secrets, (line) => lines.push(line)));
  return lines;
}

test('each entry is one line of JSON with its level, message and fields', () => {
  const [line = ''] = logged((log) => log.warn('careful', { tool: 'x', count: 2 }));
  expect(JSON.parse(line)).toMatchObject({ level: 'warn', message: 'careful', tool: 'x', count: 2 });
});

test('no text can begin a line, act on a terminal or pretend to be another member', () => {
  const evil = 'a\nb\r\u001b[31m\u009b\u202e\u2028\u{e0041}';
  const lines = logged((log) => log.error(evil, { level: 'info', message: 'fake', note: evil }));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^[\x20-\x7e]+\n$/);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'error', message: evil, note: evil });
});

test('an entry that is too long is cut and still JSON', () => {
  const [line = ''] = logged((log) => log.info('m'.repeat(50_000), { note: 'n'.repeat(50_000) }));
  expect(line.length).toBeLessThan(20_000);
  expect(JSON.parse(line)).toMatchObject({ level: 'info', cut: true });
});

test('a known secret is in no message, field, name of a field or error, and in none that is cut', () => {
  const secrets = new KnownSecrets();
  const secret = 'plain "canary" words';
  secrets.note('KEY', [secret]);
  const lines = logged((log) => {
    log.info(`a ${secret}`, { [secret]: secret, deep: [{ [`a ${secret}`]: [`${secret}${secret}`] }] });
    log.warn('thrown', { tool: 'x' }, new Error(secret, { cause: secret }));
    log.error(`${'x'.repeat(1_990)}${secret}`, { note: 'n'.repeat(50_000) });
  }, secrets);
  expect(lines.join('')).not.toContain('canary');
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
    { message: 'a [secret]', '[secret]': '[secret]', deep: [{ 'a [secret]': ['[secret][secret]'] }] },
    { tool: 'x', error: 'Error: [secret]', cause: '[secret]' },
    { cut: true },
  ]);
});

test('what was thrown is described beside the fields, without what looks like a credential', () => {
  const [line = ''] = logged((log) => log.error('failed', { tool: 'x' }, new TypeError('no Bearer abc')));
  expect(JSON.parse(line)).toMatchObject({ message: 'failed', tool: 'x', error: 'TypeError: no Bearer [secret]' });
});
