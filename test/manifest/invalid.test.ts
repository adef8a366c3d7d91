import { readdirSync, readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { CATALOG, DIAGNOSTIC_CODES } from '../../src/diagnostics/catalog.ts';
import { findManifest, loadManifest } from '../../src/manifest/load.ts';

const root = new URL('../../fixtures/invalid/', import.meta.url);
const fixtures = readdirSync(root).toSorted();

interface Expected {
  readonly code: string;
  readonly line?: number;
  readonly column?: number;
  readonly pointer?: string;
}

test.each(fixtures)('fixtures/invalid/%s has exactly that fault, at the expected place', async (name) => {
  const cwd = new URL(`${name}/`, root).pathname;
  const expected = JSON.parse(readFileSync(`${cwd}expected.json`, 'utf8')) as Expected;
  const { diagnostics, manifest } = await loadManifest({ file: (await findManifest(cwd)) ?? 'hardened-mcp.yaml', cwd });

  const found = diagnostics.map(({ code, span, pointer }) => ({
    code,
    line: span?.line,
    column: span?.column,
    pointer,
  }));

  expect(found).toEqual([expected]);
  expect(manifest === undefined).toBe(diagnostics[0]?.severity === 'error');
});

test('every code of the loader has its fixture, and every fixture its code', () => {
  const raisedByLoader = DIAGNOSTIC_CODES.filter((code) => CATALOG[code].stage === 'manifest');

  expect(fixtures).toEqual(raisedByLoader.toSorted());
});
