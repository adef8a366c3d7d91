import { expect, test } from 'vitest';

import { TokenRefused, tokenIn } from '../../../templates/kernel/auth/access-token.ts';
import { callerFrom } from '../../../templates/kernel/auth/identity.ts';
import type { AuthDeclaration, ServerDeclaration } from '../../../templates/kernel/tool.ts';

const server: ServerDeclaration = {
  name: 'any',
  version: '1.0.0',
  scopes: { read: [], write: ['read'], approve: ['write'] },
  roles: { manager: ['approve'], support: ['read'] },
  upstreams: [],
  tools: [],
  retentionMs: 1,
};

function callerOf(claims: Record<string, unknown>, names: AuthDeclaration['claims'] = {}) {
  return callerFrom({ sub: 'ada', exp: 1_000, ...claims }, { server, names });
}

test('scopes stand in one text or in a list, under either name', () => {
  expect([...callerOf({ scope: 'read openid' }).scopes]).toEqual(['read', 'openid']);
  expect([...callerOf({ scp: 'read' }).scopes]).toEqual(['read']);
  expect([...callerOf({ scp: ['read', 7] }).scopes]).toEqual(['read']);
  expect([...callerOf({}).scopes]).toEqual([]);
});

test('scopes bring what they imply', () => {
  expect([...callerOf({ scope: 'approve' }).scopes].toSorted()).toEqual(['approve', 'read', 'write']);
});

test('roles count where the manifest names their claim, and bring their scopes', () => {
  const { roles, scopes } = callerOf({ groups: ['manager', 'other'] }, { roles: 'groups' });
  expect([...roles]).toEqual(['manager', 'other']);
  expect([...scopes].toSorted()).toEqual(['approve', 'read', 'write']);
  expect([...callerOf({ groups: ['manager'], roles: ['manager'] }).scopes]).toEqual([]);
});

test('a role has the whole of its text as its name', () => {
  const rolesOf = (roles: unknown) => [...callerOf({ roles }, { roles: 'roles' }).roles];
  expect(rolesOf('support manager')).toEqual(['support manager']);
  expect([...callerOf({ roles: 'support manager' }, { roles: 'roles' }).scopes]).toEqual([]);
  expect(rolesOf('manager')).toEqual(['manager']);
  for (const nothing of ['', 7, null, { manager: true }, undefined]) expect(rolesOf(nothing)).toEqual([]);
});

test('a claim that is nested in others is found by its JSON Pointer', () => {
  const claims = { realm_access: { roles: ['manager'], 'a/b': 'acme' }, '/odd': 'odd' };
  const names = { roles: '/realm_access/roles', tenant: '/realm_access/a~1b', run: '/~1odd' };
  const { roles, tenant, run, scopes } = callerOf(claims, names);
  expect([[...roles], tenant, run]).toEqual([['manager'], 'acme', 'odd']);
  expect([...scopes].toSorted()).toEqual(['approve', 'read', 'write']);
  for (const pointer of ['/realm_access', '/realm_access/roles/0/x', '/realm_access/constructor/name', '/nothing']) {
    expect(() => callerOf(claims, { tenant: pointer })).toThrow(TokenRefused);
  }
});

test('a claim whose name looks like a path to some is one name', () => {
  const name = 'https://acme.example/roles';
  expect([...callerOf({ [name]: ['manager'] }, { roles: name }).roles]).toEqual(['manager']);
});

test('a tenant is needed where the manifest names its claim', () => {
  expect(callerOf({ org: 'acme' }, { tenant: 'org' }).tenant).toBe('acme');
  expect(callerOf({ org: 'acme' }).tenant).toBeUndefined();
  for (const org of [undefined, '', 7, ['acme'], 'x'.repeat(256)]) {
    expect(() => callerOf({ org }, { tenant: 'org' })).toThrow(TokenRefused);
  }
});

test('a subject is needed', () => {
  for (const sub of [undefined, '', 7, 'x'.repeat(256)]) expect(() => callerOf({ sub })).toThrow(TokenRefused);
});

test('the run is what the issuer says: the claim that is named, the session, the token, or how long it is good', () => {
  const all = { session: 'a', sid: 'b', jti: 'c' };
  expect(callerOf(all, { run: 'session' }).run).toBe('a');
  expect(callerOf(all).run).toBe('b');
  expect(callerOf({ jti: 'c' }, { run: 'session' }).run).toBe('c');
  expect(callerOf({}).run).toBe('until-1000');
});

test('names that every object has are no claims', () => {
  expect(() => callerOf({}, { tenant: 'constructor' })).toThrow(TokenRefused);
  expect([...callerOf({}, { roles: 'toString' }).roles]).toEqual([]);
});

test('only a bearer token is one', () => {
  expect(tokenIn('Bearer abc.def-_~+/==')).toBe('abc.def-_~+/==');
  expect(tokenIn('bearer abc')).toBe('abc');
  for (const text of [undefined, '', 'Bearer', 'Bearer ', 'Basic YTpi', 'Bearer a b', 'Bearer a,b', 'DPoP abc']) {
    expect(tokenIn(text)).toBeUndefined();
  }
});
