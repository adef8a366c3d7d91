/** For `.env.example.hbs` and `.mcp.json.hbs`: what the server reads from its environment. */
import type { ProjectModel, SettingModel, UpstreamModel } from '../../model/project.ts';
import { asksCallers, hasCommandLine } from '../kernel.ts';
import { LOCAL_STORE, STORE_NAMES } from './store.ts';

export interface Variable {
  readonly name: string;
  readonly about: string;
  /** An example, or nothing where it must be filled in. */
  readonly value: string;
  /** The server starts without it. */
  readonly optional: boolean;
}

export interface SettingsView {
  readonly name: string;
  readonly groups: readonly { readonly title: string; readonly variables: readonly Variable[] }[];
  /** Scopes of the read-only tools, as `MCP_SCOPES` takes them. */
  readonly readScopes: string;
}

export function settingsView(model: ProjectModel): SettingsView {
  const groups = [
    { title: callerTitle(model), variables: callerVariables(model) },
    { title: 'What the server may do', variables: serverVariables(model) },
    ...model.upstreams.map((upstream) => ({
      title: `The upstream ${upstream.name}`,
      variables: upstreamVariables(upstream),
    })),
    { title: 'Streamable HTTP', variables: httpVariables(model) },
  ];
  return {
    name: model.server.name,
    groups: groups.filter((group) => group.variables.length > 0),
    readScopes: readScopes(model),
  };
}

/** As an `.env` file takes it: a scope may hold a `#`, which would start a comment, but neither quotes nor backslashes. */
function envValue(text: string): string {
  return text.includes('#') ? `"${text}"` : text;
}

/** Every scope that some read-only tool needs, in manifest order. */
function readScopes(model: ProjectModel): string {
  const reading = model.tools.filter((tool) => tool.mutability === 'read-only').flatMap((tool) => tool.scopes);
  return [...new Set(reading)].join(' ');
}

function callerTitle({ auth, server }: ProjectModel): string {
  if (auth === undefined) return 'Who is calling';
  return server.transports.includes('stdio')
    ? 'Who is calling over stdio, and on the command line; over HTTP a token says so'
    : 'Who is calling on the command line; over HTTP a token says so';
}

function signInVariables({ auth }: ProjectModel): readonly Variable[] {
  if (auth === undefined) return [];
  const { issuer, audience, introspection } = auth;
  return [
    ...named(issuer, 'The authorization server whose tokens are accepted: https, exactly as in the iss of its tokens.'),
    ...named(audience, "This server's URL, exactly as in the aud of tokens for it."),
    ...(introspection === undefined
      ? []
      : [
          ...named(introspection.url, 'Where the authorization server is asked about tokens.'),
          ...named(introspection.clientId, 'Who this server is there.'),
          secret(introspection.clientSecret.secret, 'Its secret there'),
        ]),
  ];
}

function named(setting: SettingModel, about: string): readonly Variable[] {
  return 'env' in setting ? [needed(setting.env, about)] : [];
}

/** Where all callers sign in and there is no command line for operators, nobody's rights come from here. */
function callerVariables(model: ProjectModel): readonly Variable[] {
  const { auth, server } = model;
  if (auth !== undefined && !server.transports.includes('stdio') && !hasCommandLine(model)) return [];
  return [
    optional('MCP_SUBJECT', 'Name of the caller; part of every idempotency key and audit event.', 'local'),
    model.tools.some(({ needsTenant }) => needsTenant)
      ? needed('MCP_TENANT', 'Tenant of the caller: there are tools that act for one.')
      : optional('MCP_TENANT', 'Tenant of the caller.', ''),
    {
      ...optional(
        'MCP_SCOPES',
        'Scopes of the caller; without any, no tool can be called.',
        envValue(readScopes(model)),
      ),
      optional: false,
    },
    optional('MCP_ROLES', 'Roles of the caller, which bring the scopes that the manifest gives them.', ''),
  ];
}

function serverVariables(model: ProjectModel): readonly Variable[] {
  return [
    optional(
      'MCP_ENVIRONMENT',
      'Part of every idempotency key, so that staging and production never meet.',
      'development',
    ),
    ...storeVariables(model),
    ...(model.store === undefined ? [] : writeVariables(model)),
    optional('MCP_DEADLINE_MS', 'The longest a call may take, in milliseconds.', '30000'),
    ...(model.audit === undefined
      ? [optional('MCP_AUDIT_FILE', 'Where audit events go; without it, to standard error.', 'data/audit.jsonl')]
      : []),
    auditKeyVariable(),
  ];
}

function auditKeyVariable(): Variable {
  const about =
    'Hashes sensitive values in audit events; at least 32 random characters; without it, each process makes its own, ' +
    'so that its hashes are its alone. Or MCP_AUDIT_KEY_FILE with the path of a file that holds it.';
  return optional('MCP_AUDIT_KEY', about, '');
}

function writeVariables(model: ProjectModel): readonly Variable[] {
  return [
    optional('MCP_WRITES', 'Tools that write are refused until this says enabled.', 'enabled'),
    ...(asksCallers(model) ? [questionVariable()] : []),
    optional('MCP_LEASE_MS', 'How long a claimed write is taken to be alive, in milliseconds.', '60000'),
  ];
}

function questionVariable(): Variable {
  const about =
    'Signs what callers are asked; at least 32 random characters, the same for all replicas; without it, each ' +
    'process makes its own. Or MCP_REQUEST_STATE_SECRET_FILE with the path of a file that holds it.';
  return optional('MCP_REQUEST_STATE_SECRET', about, '');
}

function storeVariables({ store, audit, server }: ProjectModel): readonly Variable[] {
  const kept = store === undefined ? 'audit' : audit === undefined ? 'operations' : 'operations and audit';
  const remembers = store === undefined ? 'keeps audit' : `remembers ${kept}`;
  const kind = store ?? audit?.store;
  switch (kind) {
    case 'sqlite':
      return [optional('MCP_STORE_PATH', `The SQLite file that ${remembers}.`, `data/${server.name}.sqlite`)];
    case 'postgres':
    case 'redis': {
      const what = `URL of the ${STORE_NAMES[kind]} that ${remembers}`;
      return [{ ...secret('MCP_STORE_URL', what), value: LOCAL_STORE[kind] }];
    }
    default:
      return [];
  }
}

function upstreamVariables(upstream: UpstreamModel): readonly Variable[] {
  const { baseUrl, credential, allowedHosts } = upstream;
  return [
    ...('env' in baseUrl ? [needed(baseUrl.env, `Base URL; its host must be one of ${allowedHosts.join(', ')}.`)] : []),
    ...(credential.type === 'bearer' ? [secret(credential.token.secret, 'Bearer token')] : []),
    ...(credential.type === 'api-key' ? [secret(credential.key.secret, 'API key')] : []),
    ...(credential.type === 'basic' ? basicVariables(credential) : []),
    ...('tokenUrl' in credential ? clientVariables(credential) : []),
  ];
}

function basicVariables(credential: Extract<UpstreamModel['credential'], { type: 'basic' }>): readonly Variable[] {
  const { username, password } = credential;
  return [
    ...(typeof username === 'object' ? [needed(username.env, 'User name.')] : []),
    secret(password.secret, 'Password'),
  ];
}

function clientVariables(
  credential: Extract<UpstreamModel['credential'], { readonly tokenUrl: unknown }>,
): readonly Variable[] {
  const { tokenUrl, clientId, clientSecret } = credential;
  return [
    ...(typeof tokenUrl === 'object' ? [needed(tokenUrl.env, 'URL where its tokens are issued.')] : []),
    ...(typeof clientId === 'object' ? [needed(clientId.env, 'Who this server is to the token issuer.')] : []),
    secret(clientSecret.secret, 'Secret of this server at the token issuer'),
    ...(credential.type === 'oauth-token-exchange' && credential.actorToken
      ? [secret(credential.actorToken.secret, "This server's own token, which says who acts for the caller")]
      : []),
  ];
}

function httpVariables(model: ProjectModel): readonly Variable[] {
  if (!model.server.transports.includes('http')) return [];
  return [
    optional('MCP_HTTP_HOST', 'Address to listen on.', '127.0.0.1'),
    optional('MCP_HTTP_PORT', 'Port to listen on.', '3000'),
    optional(
      'MCP_ALLOWED_HOSTS',
      `Further host names that the Host header may carry, beside ${knownHosts(model)}.`,
      '',
    ),
    optional('MCP_ALLOWED_ORIGINS', "Host names that an Origin header may carry, in place of this machine's.", ''),
    ...signInVariables(model),
  ];
}

function knownHosts({ auth }: ProjectModel): string {
  return auth === undefined ? 'those of this machine' : "those of this machine and the one of this server's URL";
}

function optional(name: string, about: string, value: string): Variable {
  return { name, about, value, optional: true };
}

function needed(name: string, about: string): Variable {
  return { name, about, value: '', optional: false };
}

function secret(name: string, what: string): Variable {
  return needed(name, `${what}; or ${name}_FILE with the path of a file that holds it. Set one of the two.`);
}
