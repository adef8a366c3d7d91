import { expect, test } from 'vitest';

import { describeDiagnostic } from '../../src/diagnostics/diagnostic.ts';
import { suggest } from '../../src/manifest/suggest.ts';
import { findingsAfter, loadEdited, type SmallManifest, toolOf } from './small-manifest.ts';

function messagesAfter(edit: (manifest: SmallManifest) => void): string[] {
  return loadEdited(edit).diagnostics.map(describeDiagnostic);
}

test('the small manifest itself is right', () => {
  expect(findingsAfter(() => {})).toEqual([]);
});

test('an unknown key names the key that was meant', () => {
  expect(messagesAfter((manifest) => Object.assign(toolOf(manifest, 0), { input_schema: {} }))).toEqual([
    'There is no key "input_schema" here.',
  ]);
  expect(messagesAfter((manifest) => Object.assign(toolOf(manifest, 0), { respnse: {} }))).toEqual([
    'There is no key "respnse" here. Did you mean "response"?',
  ]);
});

test('a missing field points to its parent and says what belongs there', () => {
  const { diagnostics } = loadEdited((manifest) => delete toolOf(manifest, 1).mutability);

  expect(diagnostics).toMatchObject([
    {
      code: 'missing-field',
      pointer: '/tools/1',
      args: { field: 'mutability', expected: '"read-only", "additive", "destructive" or "irreversible"' },
    },
  ]);
});

test('a union is explained by the alternative that was meant', () => {
  expect(
    messagesAfter((manifest) => {
      toolOf(manifest, 1).idempotency = {
        strategy: 'derived-key',
        key: ['$args#/id'],
        recovery: 'quarantine',
        occurrence: { evry: 'day', timezone: 'UTC' },
      };
    }),
  ).toEqual(['The field "every" is missing.', 'There is no key "evry" here. Did you mean "every"?']);
  expect(
    messagesAfter((manifest) => {
      toolOf(manifest, 1).approval = { by: 'callr', summary: 'Change it' };
    }),
  ).toEqual(['"callr" is not one of the values that are known here. Did you mean "caller"?']);
  expect(messagesAfter((manifest) => Object.assign(toolOf(manifest, 1), { approval: 'nnoe' }))).toEqual([
    '"nnoe" is not one of the values that are known here. Did you mean "none"?',
  ]);
  expect(messagesAfter((manifest) => Object.assign(manifest.scopes, { x: 4 }))).toEqual([
    'Expected a string or a mapping with "description", got 4.',
  ]);
});

test('a credential is told apart by its type', () => {
  const withCredential = (credential: unknown) => (manifest: SmallManifest) =>
    Object.assign(manifest.upstreams.store ?? {}, { credential });

  expect(messagesAfter(withCredential({ type: 'baerer', token: { secret: 'T' } }))).toEqual([
    '"baerer" is not one of the values that are known here. Did you mean "bearer"?',
  ]);
  expect(messagesAfter(withCredential({ type: 'bearer', token: 'abc' }))).toEqual([
    'Expected a mapping with "secret", got "abc".',
  ]);
  expect(loadEdited(withCredential({})).diagnostics[0]?.args).toEqual({
    field: 'type',
    expected: 'none, bearer, api-key, basic, oauth-client-credentials, oauth-token-exchange or provider',
  });
});

test('a wrong key of a map is placed at the key', () => {
  const { diagnostics, source } = loadEdited((manifest) => Object.assign(manifest.upstreams, { Store: {} }));

  expect(diagnostics[0]).toMatchObject({ code: 'wrong-format', pointer: '/upstreams/Store', args: { got: '"Store"' } });
  const { line = 0, column = 0 } = diagnostics[0]?.span ?? {};
  expect(source.text.split('\n')[line - 1]?.slice(column - 1)).toMatch(/^"Store"/);
});

test('numbers where texts are meant are not converted', () => {
  expect(messagesAfter((manifest) => Object.assign(manifest.server, { version: 1 }))).toEqual([
    'Expected a string, got 1.',
  ]);
});

test.each([
  ['mutabilty', 'mutability'],
  ['input_schema', 'inputSchema'],
  ['nmae', 'name'],
  ['completely_else', undefined],
])('for %s the nearest of the known words is %s', (word, expected) => {
  expect(suggest(word, ['name', 'title', 'mutability', 'inputSchema', 'outputSchema'])).toBe(expected);
});
