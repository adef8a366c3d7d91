/**
 * A server whose callers sign in, to be started as a process of its own. OPAQUE: their tokens are introspected. EXCHANGE:
 * its upstream is called in their name.
 */
import { introspection } from '../../../templates/kernel/auth/introspection.ts';
import { jwt } from '../../../templates/kernel/auth/jwt.ts';
import { oauth } from '../../../templates/kernel/auth/oauth.ts';
import { sqlite } from '../../../templates/kernel/idempotency/sqlite.ts';
import { operationsOverHttp } from '../../../templates/kernel/operations/http.ts';
import { writesOn } from '../../../templates/kernel/pipeline/write-path.ts';
import type { Policy } from '../../../templates/kernel/policy.ts';
import { start } from '../../../templates/kernel/start.ts';
import type {
  AuthDeclaration,
  CredentialDeclaration,
  ServerDeclaration,
  Tool,
} from '../../../templates/kernel/tool.ts';
import { serveHttp } from '../../../templates/kernel/transport/http.ts';
import { serveStdio } from '../../../templates/kernel/transport/stdio.ts';
import { tokenExchange } from '../../../templates/kernel/upstream/credentials/token-exchange.ts';
import { upstreamsWith } from '../../../templates/kernel/upstream/part.ts';

function tool(name: string, policy: Partial<Policy>, does: Partial<Tool> = {}): Tool {
  return {
    definition: {
      name,
      inputSchema: { type: 'object' },
      annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    },
    policy: { mutability: 'read-only', scopes: [], roles: [], sensitive: [], ...policy },
    errors: [],
    ...(does.request === undefined && {
      handler: (_: unknown, { principal }) => `${principal.tenant} ${principal.subject}`,
    }),
    validators: async () => ({ input: () => true }),
    ...does,
  };
}

const NATURAL = { strategy: 'natural', recovery: 'send-again' } as const;
const DERIVED = { strategy: 'derived-key', key: [], recovery: 'quarantine' } as const;
const APPROVER = { by: 'approver', scope: 'approve', expiresMs: 60_000, summary: { parts: ['Pay?'] } } as const;
const REQUEST = { upstream: 'ledger', method: 'POST', path: ['entries'], contentType: 'json' } as const;

const isOpaque = process.env['OPAQUE'] !== undefined;

const auth: AuthDeclaration = {
  issuer: { env: 'MCP_ISSUER' },
  audience: { env: 'MCP_AUDIENCE' },
  claims: { roles: 'roles', tenant: 'org' },
  ...(isOpaque && {
    introspection: {
      url: { env: 'INTROSPECTION_URL' },
      clientId: { env: 'INTROSPECTION_ID' },
      clientSecret: { secret: 'INTROSPECTION_SECRET' },
    },
  }),
};

const OWN: CredentialDeclaration = { type: 'bearer', token: { secret: 'LEDGER_TOKEN' } };
const EXCHANGED: CredentialDeclaration = {
  type: 'oauth-token-exchange',
  tokenUrl: { env: 'LEDGER_TOKEN_URL' },
  clientId: { value: 'connector' },
  clientSecret: { secret: 'LEDGER_TOKEN' },
};

const server: ServerDeclaration = {
  name: 'signed-in',
  version: '1.0.0',
  scopes: { read: [], write: ['read'], extra: [], approve: [], operate: [] },
  roles: { manager: ['read'] },
  upstreams: [
    {
      name: 'ledger',
      baseUrl: { env: 'LEDGER_URL' },
      allowedHosts: ['127.0.0.1'],
      credential: process.env['EXCHANGE'] === undefined ? OWN : EXCHANGED,
      timeoutMs: 5_000,
      attempts: 1,
      maxDelayMs: 1_000,
      maxResponseBytes: 10_000,
    },
  ],
  retentionMs: 86_400_000,
  auth,
  operationsScope: 'operate',
  tools: [
    tool('ping', {}),
    tool('look', { scopes: ['read'] }),
    tool('manage', { roles: ['manager'] }),
    tool('balance', { scopes: ['read'] }, { request: { ...REQUEST, method: 'GET' } }),
    tool(
      'entries',
      { scopes: ['read'] },
      {
        handler: async (_, ctx) => (await ctx.upstream('ledger').request({ method: 'GET', path: ['entries'] })).status,
      },
    ),
    tool('note', { mutability: 'additive', scopes: ['write', 'extra'], idempotency: NATURAL }, { request: REQUEST }),
    tool(
      'pay',
      { mutability: 'irreversible', scopes: ['write'], idempotency: DERIVED, approval: APPROVER },
      { request: REQUEST },
    ),
  ],
};

await start(server, {
  stdio: serveStdio,
  http: serveHttp,
  signIn: oauth(isOpaque ? introspection : jwt),
  operations: operationsOverHttp,
  upstreams: upstreamsWith({ 'oauth-token-exchange': tokenExchange }),
  writes: writesOn(sqlite),
});
