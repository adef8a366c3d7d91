import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';

import { expect, onTestFinished, test } from 'vitest';

import { readAuditKey } from '../../../templates/kernel/config/audit-key.ts';
import { Environment } from '../../../templates/kernel/config/environment.ts';
import { KnownSecrets } from '../../../templates/kernel/config/known-secrets.ts';
import { readRequestState } from '../../../templates/kernel/config/request-state.ts';
import { readSecret } from '../../../templates/kernel/config/secret.ts';
import { locateByUrl } from '../../../templates/kernel/config/store-url.ts';
import { serverOf } from '../pipeline/harness.ts';

function knowing(...values: readonly string[]): KnownSecrets {
  const secrets = new KnownSecrets();
  secrets.note('KEY', values);
  return secrets;
}

test('a text loses every known secret, and the longest first where one is a part of another', () => {
  const secrets = knowing('abcdefgh', 'abcdefgh-and-more');
  secrets.note('OTHER', ['$&.*+?^(|)[]']);
  expect(secrets.hide('a abcdefgh-and-more b abcdefghabcdefgh c $&.*+?^(|)[] d')).toBe(
    'a [secret] b [secret][secret] c [secret] d',
  );
});

test('one of fewer than eight characters stays, since it may be a part of any word', () => {
  expect(knowing('invoice', '', 'invoices').hide('an invoice, two invoices')).toBe('an invoice, two [secret]');
});

test('every secret that is read is known, whichever variable it is from', () => {
  const environment = new Environment({
    TOKEN: 'canary-token',
    TOKEN_FILE: secretFile('canary-of-file'),
    MCP_AUDIT_KEY: 'canary-audit-key-of-32-characters',
    MCP_REQUEST_STATE_SECRET: 'canary-state-secret-of-32-characters',
  });
  readSecret(environment, 'TOKEN', 'a token');
  readAuditKey(environment);
  readRequestState(environment);
  const text = 'canary-token canary-of-file canary-audit-key-of-32-characters canary-state-secret-of-32-characters';
  expect(environment.secrets.hide(text)).toBe('[secret] [secret] [secret] [secret]');
});

test('of a file that changed the new secret is known as soon as it is read, and the one before still', () => {
  const file = secretFile('first-secret');
  const environment = new Environment({ TOKEN_FILE: file });
  const both = [readSecret(environment, 'TOKEN', 'a token'), readSecret(environment, 'TOKEN', 'a token')];
  writeFileSync(file, 'second-secret\n');
  for (const secret of both) secret.reveal();
  expect(environment.secrets.hide('first-secret second-secret')).toBe('[secret] [secret]');
  writeFileSync(file, 'third-secret!\n');
  for (const secret of both) secret.reveal();
  expect(environment.secrets.hide('first-secret second-secret third-secret!')).toBe('first-secret [secret] [secret]');
});

test("of a store's URL the password is secret as well, as it is written and as it is meant; an address alone is not", () => {
  const hidden = (url: string, text: string): string => {
    const environment = new Environment({ MCP_STORE_URL: url });
    locateByUrl('a URL')(serverOf([]), environment);
    return environment.secrets.hide(text);
  };
  const url = 'postgres://postgres:p%40ssw0rd!!@db.example/app';
  expect(hidden(url, `${url} p%40ssw0rd!! p@ssw0rd!! postgres`)).toBe('[secret] [secret] [secret] postgres');
  expect(hidden('redis://:100%25%zz-canary@db.example', 'a 100%25%zz-canary')).toBe('a [secret]');
  expect(hidden('redis://127.0.0.1:6379', 'kept in redis://127.0.0.1:6379')).toBe('kept in redis://127.0.0.1:6379');
  expect(hidden('redis://app:12/canary@db', 'kept in redis://app:12/canary@db')).toBe('kept in [secret]');
  expect(hidden('no url at all', 'kept in no url at all')).toBe('kept in [secret]');
});

test('what knows secrets shows none', () => {
  const secrets = knowing('canary-secret');
  const shown = inspect(secrets, { showHidden: true, depth: 9, customInspect: false }) + JSON.stringify(secrets);
  expect(`${shown}${String(secrets)}${JSON.stringify({ ...secrets })}`).not.toContain('canary');
});

function secretFile(contents: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'secret-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'token');
  writeFileSync(path, contents);
  return path;
}
