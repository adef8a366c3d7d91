/** Every tool is asked for by everybody, on both transports: who lacks a right gets a refusal, and nothing happens. */
import { expect, test } from 'vitest';

import { callOf, send } from '../kernel/auth/signed-in.ts';
import { connectHttp, connectStdio, setTarget, startHttp, useProject, type Target } from './target.ts';

useProject();

const TOOLS: Readonly<
  Record<string, { readonly needs: readonly string[]; readonly role?: string; readonly args?: object }>
> = {
  echo: { needs: [], args: { text: 'a' } },
  look: { needs: ['read'], args: { id: 'a' } },
  note: { needs: ['write'], args: { text: 'a' } },
  relay: { needs: ['write'], args: { text: 'a' } },
  pay: { needs: ['pay'], args: { to: 'bo', cents: 1 } },
  manage: { needs: ['read'], role: 'manager' },
  by_key: { needs: ['read'] },
};

/** By what each is given, and what that comes to: `write` and the role imply `read`. */
const IDENTITIES = [
  { scopes: [], roles: [], holds: [] },
  { scopes: ['read'], roles: [], holds: ['read'] },
  { scopes: ['write'], roles: [], holds: ['write', 'read'] },
  { scopes: ['pay'], roles: [], holds: ['pay'] },
  { scopes: ['operate'], roles: [], holds: [] },
  { scopes: [], roles: ['manager'], holds: ['read'] },
  { scopes: [], roles: ['Manager'], holds: [] },
  { scopes: ['READ', 'read ', '*', 'write.'], roles: [], holds: ['read'] },
  { scopes: ['write', 'pay'], roles: ['manager'], holds: ['write', 'read', 'pay'] },
] as const;

type Identity = Pick<(typeof IDENTITIES)[number], 'holds' | 'roles'>;

function mayCall({ holds, roles }: Identity, name: string): boolean {
  const { needs = [], role } = TOOLS[name] ?? {};
  return (
    needs.every((scope) => holds.some((held) => held === scope)) &&
    (role === undefined || roles.some((one) => one === role))
  );
}

/** What a call came to: whether the caller's rights were missing. */
const isRefused = (reply: string): boolean => /SCOPE_MISSING|ROLE_MISSING/.test(reply);

test('over HTTP each identity lists and calls what it may, and no more', async () => {
  const target = await setTarget();
  const started = await startHttp(target);
  for (const identity of IDENTITIES) {
    const { scopes, roles } = identity;
    const token = await target.issuer.sign({ org: 'acme', scope: scopes.join(' '), roles });
    const { tools } = await (await connectHttp(started, token)).listTools();
    const call = async (name: string, args: object) => {
      const { status, body } = await send(started.url, token, { ...callOf(name), params: { name, arguments: args } });
      // Where a scope is missing, the status says so, too: a client may get it.
      expect(status).toBe(/SCOPE_MISSING/.test(body) ? 403 : 200);
      return body;
    };
    expect(await tryAll(target, tools, call)).toEqual(expectedOf(identity));
  }
});

/** Names that the manifest does not have keep a server from starting on stdio. */
const KNOWN = new Set<string>(['read', 'write', 'pay', 'operate', 'manager']);
const GIVEN = IDENTITIES.filter(({ scopes, roles }) => [...scopes, ...roles].every((name) => KNOWN.has(name)));

test.each(GIVEN)('on stdio the same holds for scopes $scopes and roles $roles of the environment', async (identity) => {
  const target = await setTarget({ MCP_SCOPES: identity.scopes.join(' '), MCP_ROLES: identity.roles.join(' ') });
  const { client } = await connectStdio(target);
  const { tools } = await client.listTools();
  const call = async (name: string, args: object) =>
    JSON.stringify(await client.callTool({ name, arguments: { ...args } }));
  expect(await tryAll(target, tools, call)).toEqual(expectedOf(identity));
});

/** Whether each tool was listed, called, and reached anything although its call was refused. */
async function tryAll(
  { upstream }: Target,
  tools: readonly { readonly name: string }[],
  call: (name: string, args: object) => Promise<string>,
): Promise<object> {
  const names = new Set(tools.map(({ name }) => name));
  const rows: Record<string, object> = {};
  for (const [name, { args = {} }] of Object.entries(TOOLS)) {
    const { length } = upstream.received;
    const isCalled = !isRefused(await call(name, args));
    rows[name] = { isListed: names.has(name), isCalled, leaked: !isCalled && upstream.received.length > length };
  }
  return rows;
}

function expectedOf(identity: Identity): object {
  const rows = Object.keys(TOOLS).map((name) => {
    const may = mayCall(identity, name);
    return [name, { isListed: may, isCalled: may, leaked: false }];
  });
  return Object.fromEntries(rows);
}

test('user and tenant are the token’s, whatever the arguments say, and nobody sees an operation of somebody else’s', async () => {
  const target = await setTarget();
  const started = await startHttp(target);
  const sign = (sub: string, org: string) => target.issuer.sign({ sub, org, scope: 'write pay' });
  const ada = await connectHttp(started, await sign('ada', 'acme'));
  const forged = await ada.callTool({ name: 'note', arguments: { text: 'a', by: 'bo', of: 'other', tenant: 'other' } });
  expect(JSON.stringify(forged)).toContain('invalid_input');
  await ada.callTool({ name: 'note', arguments: { text: 'a' }, _meta: { subject: 'bo', tenant: 'other' } });
  expect(target.upstream.received.map(({ body }) => JSON.parse(body))).toEqual([{ text: 'a', by: 'ada', of: 'acme' }]);
  const asked = JSON.stringify(await ada.callTool({ name: 'pay', arguments: { to: 'bo', cents: 1 } }));
  const [operation_id = ''] = /op_[0-9a-f]{32}/.exec(asked) ?? [];
  const status = async (sub: string, org: string) => {
    const client = await connectHttp(started, await sign(sub, org));
    return JSON.stringify(await client.callTool({ name: 'get_operation_status', arguments: { operation_id } }));
  };
  expect(await status('ada', 'acme')).toContain('pending-approval');
  const others = [await status('bo', 'acme'), await status('ada', 'other')];
  for (const other of others) expect(other).toContain('OPERATION_NOT_FOUND');
});

test('no tool writes until somebody turns writes on', async () => {
  const target = await setTarget({ MCP_WRITES: 'disabled' });
  const { client } = await connectStdio(target);
  for (const name of ['note', 'relay', 'pay']) {
    const reply = await client.callTool({ name, arguments: { ...TOOLS[name]?.args } });
    expect(JSON.stringify(reply)).toContain('MCP_WRITES');
    expect(reply.isError).toBe(true);
  }
  expect(target.upstream.received).toEqual([]);
});
