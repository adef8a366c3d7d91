import { existsSync, readdirSync, readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { parseManifest } from '../../src/manifest/load.ts';

const dumps = new URL('../../../shared/corpora/mcp-npm-dumps/', import.meta.url);
const files = existsSync(dumps) ? readdirSync(dumps).filter((name) => name.endsWith('.tools.json')) : [];

/** What real servers get wrong; everything else in them has to load. */
const KNOWN = new Set([
  // Its generator left the type out of every root.
  'server-gitlab.tools.json input-schema-not-object',
  // A key of its own beside MCP's.
  'firebase.tools.json unknown-key',
]);

test.runIf(files.length > 0)('tools copied from real servers load with the least annotations', () => {
  const found = files.flatMap((file) => {
    const { tools } = JSON.parse(readFileSync(new URL(file, dumps), 'utf8')) as { readonly tools: readonly object[] };
    const manifest = {
      version: 1,
      server: { name: 'copied', version: '1.0.0' },
      scopes: { 'all:use': 'Use everything' },
      tools: tools.map((tool) => ({ ...tool, mutability: 'read-only', scopes: ['all:use'] })),
    };
    const { diagnostics } = parseManifest(JSON.stringify(manifest), 'hardened-mcp.json');
    return diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => `${file} ${code}`);
  });

  expect(new Set(found)).toEqual(KNOWN);
});
