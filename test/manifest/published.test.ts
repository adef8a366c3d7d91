import { readFileSync } from 'node:fs';

import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

import { renderSchema } from '../../scripts/export-schema.ts';
import { renderDocs } from '../../scripts/write-docs.ts';
import { smallManifest, toolOf } from './small-manifest.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('the published JSON Schema is the one that the loader uses', () => {
  expect(read('schema/manifest.schema.json')).toBe(renderSchema());
});

test('docs/manifest.md and docs/diagnostics.md are current', async () => {
  const pages = await renderDocs();

  expect(pages.size).toBe(2);
  for (const [path, text] of pages) expect(read(path)).toBe(text);
});

test.each(['docs/complete-manifest.yaml', 'templates/examples/billing/hardened-mcp.yaml'])(
  'the published JSON Schema accepts %s',
  (path) => {
    const validate = compile();

    validate(parse(read(path)));

    expect(validate.errors).toBeNull();
  },
);

test('the published JSON Schema refuses unknown keys and missing fields', () => {
  const validate = compile();
  const unknown = smallManifest();
  toolOf(unknown, 0).mutabilty = 'read-only';
  const missing = smallManifest();
  delete toolOf(missing, 0).mutability;

  expect(validate(smallManifest())).toBe(true);
  expect(validate(unknown)).toBe(false);
  expect(validate(missing)).toBe(false);
});

function compile() {
  return new Ajv2020({ strict: false }).compile(JSON.parse(read('schema/manifest.schema.json')) as object);
}
