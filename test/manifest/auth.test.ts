import { expect, test } from 'vitest';

import { buildAuth } from '../../src/model/auth.ts';
import { findingsAfter, loadEdited, type SmallManifest } from './small-manifest.ts';

const OAUTH = { type: 'oauth', issuer: 'https://login.example', audience: 'https://shop.example/mcp' };

function signingIn(auth: object) {
  return (manifest: SmallManifest): void =>
    void Object.assign(manifest, { server: { ...manifest.server, transports: ['http'] }, auth: { ...OAUTH, ...auth } });
}

test.each(['roles', 'https://acme.example/roles', '/realm_access/roles', '/a~1b/~0'])('%s names a claim', (roles) =>
  expect(findingsAfter(signingIn({ claims: { roles } }))).toEqual([]),
);

test.each(['', '/', '/a//b', '/a~2', '/a/'])('%j names no claim', (roles) =>
  expect(findingsAfter(signingIn({ claims: { roles } }))).toEqual(['wrong-format /auth/claims/roles']),
);

test('an issuer is at public addresses, unless the manifest says otherwise', () => {
  const authOf = (auth: object) => {
    const { manifest } = loadEdited(signingIn(auth));
    return manifest && buildAuth(manifest);
  };
  expect(authOf({})).not.toHaveProperty('addresses');
  expect(authOf({ addresses: 'public' })).not.toHaveProperty('addresses');
  expect(authOf({ addresses: 'private' })).toHaveProperty('addresses', 'private');
});
