import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { describeDiagnostic } from '../../src/diagnostics/diagnostic.ts';
import { placeDiagnostics } from '../../src/manifest/finding.ts';
import { parseManifest } from '../../src/manifest/load.ts';
import { notBuiltYet } from '../../src/manifest/not-built.ts';
import { loadEdited, type SmallManifest } from './small-manifest.ts';

function featuresOf(edit: (manifest: SmallManifest) => void): string[] {
  const { manifest, diagnostics } = loadEdited(edit);
  if (manifest === undefined) throw new Error(diagnostics.map(describeDiagnostic).join('\n'));
  return notBuiltYet(manifest).map(({ args, pointer }) => `${pointer}: ${args.feature}`);
}

test('all of the small manifest is built', () => {
  expect(featuresOf(() => {})).toEqual([]);
});

test('the complete manifest loads without a fault, and says what is not built yet', () => {
  const text = readFileSync(new URL('../../docs/complete-manifest.yaml', import.meta.url), 'utf8');
  const { manifest, diagnostics, source } = parseManifest(text, 'complete-manifest.yaml');

  expect(diagnostics).toEqual([]);
  const found = manifest ? placeDiagnostics(notBuiltYet(manifest), source) : [];
  expect(found.map((one) => `${one.span?.line}: ${describeDiagnostic(one)}`)).toEqual([
    '31: not built yet: the credential oauth-token-exchange.',
  ]);
});

test('a credential for the acting user is not built yet', () => {
  const type = 'oauth-token-exchange';
  const details = { tokenUrl: { env: 'T' }, clientId: 'x', clientSecret: { secret: 'S' } };

  expect(
    featuresOf((manifest) => Object.assign(manifest.upstreams.store ?? {}, { credential: { type, ...details } })),
  ).toEqual([`/upstreams/store/credential/type: the credential ${type}`]);
});

test('auth by OAuth is built over every transport', () => {
  const auth = { type: 'oauth', issuer: 'https://login.example', audience: 'https://shop.example/mcp' };

  for (const transports of [['stdio'], ['http'], ['stdio', 'http']]) {
    expect(
      featuresOf((manifest) => Object.assign(manifest, { auth, server: { ...manifest.server, transports } })),
    ).toEqual([]);
  }
});
