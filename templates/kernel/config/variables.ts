/** The environment variables of a server, for its help text. */
import type { AuditPart, WritePart } from '../settings.ts';
import type { CredentialDeclaration, ServerDeclaration, Setting } from '../tool.ts';
import type { CallerApproval } from '../transport/transport.ts';

type Variable = readonly [name: string, meaning: string];

const CALLER: readonly Variable[] = [
  ['MCP_SCOPES', "the caller's scopes, separated by spaces; unset: none"],
  ['MCP_ROLES', "the caller's roles, separated by spaces; unset: none"],
  ['MCP_SUBJECT', 'who is calling; unset: local'],
  ['MCP_TENANT', "the caller's tenant; unset: none"],
];

const EVERY: readonly Variable[] = [
  ['MCP_ENVIRONMENT', 'keeps staging and production apart; unset: development'],
  ['MCP_DEADLINE_MS', 'the longest a call may take; unset: 30000'],
  ['MCP_AUDIT_KEY', 'hashes sensitive values in audit; or …_FILE; unset: random, so that hashes of restarts differ'],
];

const AUDIT_FILE: Variable = ['MCP_AUDIT_FILE', 'a file for audit events; unset: standard error'];

const WRITE: readonly Variable[] = [
  ['MCP_WRITES', 'enabled lets tools that write run; unset: disabled'],
  ['MCP_LEASE_MS', 'how long a write without news is taken to be alive; unset: 60000'],
];

const LISTENING: readonly Variable[] = [
  ['MCP_HTTP_HOST', 'the address to listen on; unset: 127.0.0.1'],
  ['MCP_HTTP_PORT', 'the port to listen on; unset: 3000'],
];

/** One line for each variable that the server knows. */
export function describeVariables(
  server: ServerDeclaration,
  about: {
    readonly stdio: boolean;
    readonly http: boolean;
    readonly writes?: WritePart | undefined;
    readonly audit?: AuditPart | undefined;
    readonly callerApproval?: CallerApproval | undefined;
  },
): readonly string[] {
  const { stdio, http, writes, audit, callerApproval } = about;
  const ask = callerApproval === undefined ? [] : [callerApproval.variable];
  const write = writes === undefined ? [] : WRITE;
  // Both know the one variable that says where the store is.
  const store = writes?.variable ?? audit?.variable;
  const variables = [
    ...(stdio || server.auth === undefined ? CALLER : []),
    ...EVERY,
    ...(audit === undefined ? [AUDIT_FILE] : []),
    ...write,
    ...(store === undefined ? [] : [store]),
    ...ask,
    ...(http ? [...LISTENING, ...allowedNames(server), ...signInVariables(server)] : []),
    ...upstreamVariables(server),
  ];
  const width = Math.max(...variables.map(([name]) => name.length)) + 2;
  return variables.map(([name, meaning]) => `  ${name.padEnd(width)}${meaning}`);
}

/** Who may call whom, as browsers tell it. */
function allowedNames({ auth }: ServerDeclaration): readonly Variable[] {
  const known = auth === undefined ? "this machine's" : "this machine's and this server's URL's";
  return [
    ['MCP_ALLOWED_HOSTS', `further host names that requests may ask for, beside ${known}`],
    ['MCP_ALLOWED_ORIGINS', 'hosts of web pages that may call; unset: this machine'],
  ];
}

/** Read over HTTP only. */
function signInVariables({ auth }: ServerDeclaration): readonly Variable[] {
  if (auth === undefined) return [];
  const { issuer, audience, introspection } = auth;
  return [
    ...named(issuer, 'the authorization server whose tokens are accepted'),
    ...named(audience, "this server's URL, which tokens have to name"),
    ...(introspection === undefined
      ? []
      : [
          ...named(introspection.url, 'where the authorization server is asked about tokens'),
          ...named(introspection.clientId, 'who this server is there'),
          [secretVariables(introspection.clientSecret.secret), 'its secret there'] as const,
        ]),
  ];
}

function named(setting: Setting, meaning: string): readonly Variable[] {
  return 'env' in setting ? [[setting.env, meaning]] : [];
}

function secretVariables(name: string): string {
  return `${name} or ${name}_FILE`;
}

function upstreamVariables({ upstreams }: ServerDeclaration): readonly Variable[] {
  return upstreams.flatMap(({ name, baseUrl, credential }) => [
    ...('env' in baseUrl ? [[baseUrl.env, `the base URL of ${name}`] as const] : []),
    ...credentialVariables(credential).map((variable) => [variable, `the credential for ${name}`] as const),
  ]);
}

function credentialVariables(credential: CredentialDeclaration): readonly string[] {
  const secret = (name: string): readonly string[] => [`${name} or ${name}_FILE`];
  switch (credential.type) {
    case 'none':
    case 'provider':
      return [];
    case 'bearer':
      return secret(credential.token.secret);
    case 'api-key':
      return secret(credential.key.secret);
    case 'basic':
      return [
        ...('env' in credential.username ? [credential.username.env] : []),
        ...secret(credential.password.secret),
      ];
    case 'oauth-client-credentials':
    case 'oauth-token-exchange':
      return [
        ...('env' in credential.tokenUrl ? [credential.tokenUrl.env] : []),
        ...('env' in credential.clientId ? [credential.clientId.env] : []),
        ...secret(credential.clientSecret.secret),
        ...('actorToken' in credential && credential.actorToken ? secret(credential.actorToken.secret) : []),
      ];
  }
}
