/** Every tool for every kind of caller, on both transports and in both eras. */
import { expect, test } from 'vitest';

import { errorIn } from '../transport/process.ts';
import { startUpstream } from '../upstream/loopback.ts';
import { startIssuer } from './issuer.ts';
import { connect, connectStdio, environmentFor, startSignedIn } from './signed-in.ts';

const TOOLS = ['ping', 'look', 'manage', 'note'];

/** What becomes of the calls of each, in the order of the tools. */
const CALLERS = [
  { who: 'nobody', scopes: '', roles: [], outcomes: ['done', 'SCOPE_MISSING', 'ROLE_MISSING', 'SCOPE_MISSING'] },
  { who: 'a reader', scopes: 'read', roles: [], outcomes: ['done', 'done', 'ROLE_MISSING', 'SCOPE_MISSING'] },
  { who: 'half a writer', scopes: 'write', roles: [], outcomes: ['done', 'done', 'ROLE_MISSING', 'SCOPE_MISSING'] },
  { who: 'a writer', scopes: 'write extra', roles: [], outcomes: ['done', 'done', 'ROLE_MISSING', 'done'] },
  { who: 'a manager', scopes: '', roles: ['manager'], outcomes: ['done', 'done', 'done', 'SCOPE_MISSING'] },
] as const;

const ERAS = ['legacy', 'modern'] as const;

const outcomeOf = (result: { readonly isError?: unknown } | undefined): string =>
  result?.isError === true ? (errorIn(result) as { readonly code: string }).code : 'done';

const done = (outcomes: readonly string[]): string[] => TOOLS.filter((_, index) => outcomes[index] === 'done');

test.each(ERAS)(
  'over HTTP, each token may call what it may, and is told by status what it lacks (%s era)',
  async (era) => {
    const { url, issuer } = await startSignedIn();
    for (const { who, scopes, roles, outcomes } of CALLERS) {
      const token = await issuer.sign({ scope: scopes, roles, org: 'acme', sub: who });
      const { client, refused } = await connect(url, token, era);
      const listed = new Set((await client.listTools()).tools.map(({ name }) => name));
      const called: string[] = [];
      for (const name of TOOLS) {
        const answer = await client.callTool({ name, arguments: {} }).catch(() => undefined);
        called.push(answer === undefined ? 'SCOPE_MISSING' : outcomeOf(answer));
      }
      expect({ who, listed: TOOLS.filter((name) => listed.has(name)), called }).toEqual({
        who,
        listed: done(outcomes),
        called: outcomes,
      });
      const results = refused.map(({ body }) => (JSON.parse(body) as { result: { isError: boolean } }).result);
      const missing = outcomes.filter((outcome) => outcome === 'SCOPE_MISSING');
      expect(results.map(outcomeOf)).toEqual(missing);
      expect(refused.filter(({ challenge }) => challenge?.includes('insufficient_scope'))).toHaveLength(missing.length);
    }
  },
  60_000,
);

test.each(ERAS)(
  'on stdio, the environment says who calls, and each may call the same (%s era)',
  async (era) => {
    const [issuer, ledger] = [await startIssuer(), await startUpstream({ status: 200, body: {} })];
    for (const { who, scopes, roles, outcomes } of CALLERS) {
      const rights = { MCP_SCOPES: scopes, MCP_ROLES: roles.join(' '), MCP_ISSUER: '', MCP_AUDIENCE: '' };
      const client = await connectStdio(environmentFor(issuer, ledger, rights), era);
      const listed = new Set((await client.listTools()).tools.map(({ name }) => name));
      const called: string[] = [];
      for (const name of TOOLS) called.push(outcomeOf(await client.callTool({ name, arguments: {} })));
      expect({ who, listed: TOOLS.filter((name) => listed.has(name)), called }).toEqual({
        who,
        listed: done(outcomes),
        called: outcomes,
      });
    }
  },
  60_000,
);
