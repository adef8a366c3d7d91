/** For `src/generated/server.ts.hbs`: the whole server, and the kernel's parts that it is started with. */
import type { AuthModel, ProjectModel } from '../../model/project.ts';
import { asksCallers, obtainedCredentials, operationsOverHttp, tokenKind, type ObtainedCredential } from '../kernel.ts';
import type { Printable } from '../literal.ts';
import { credentialView, hasProvider, type CredentialView } from './credential.ts';
import { capsOf } from './policy.ts';
import { toolConstant } from './tool.ts';

export interface ServerView {
  readonly manifestFile: string;
  readonly declared: readonly { readonly constant: string; readonly file: string }[];
  /** Constants of the handler tools, as they stand in an import; empty where there are none. */
  readonly handled: string;
  /** In manifest order. */
  readonly tools: readonly string[];
  readonly hasUpstreams: boolean;
  /** There are upstreams, and every credential stands in the environment. */
  readonly fixedCredentials: boolean;
  /** Those that are obtained. */
  readonly credentials: readonly (ObtainedCredential & {
    /** Functions of the project that it is made of. */
    readonly providers: readonly CredentialView[];
  })[];
  readonly operations: boolean;
  readonly limitsRequests: boolean;
  readonly traces: ProjectModel['traces'];
  /** The kind of store that audit goes to; absent where it goes elsewhere. */
  readonly audit: ProjectModel['store'];
  readonly auditRetentionMs: number | undefined;
  readonly asksCallers: boolean;
  /** Absent where nobody signs in. */
  readonly auth: Printable;
  /** How it is found out what a token says. */
  readonly tokens: 'jwt' | 'introspection' | undefined;
  readonly stdio: boolean;
  readonly http: boolean;
  /** The kind of store, as the kernel's file and its export are called. */
  readonly store: ProjectModel['store'];
  readonly identity: readonly { readonly name: string; readonly value: Printable }[];
  readonly scopes: Printable;
  readonly roles: Printable;
  readonly retentionMs: number;
  /** Absent where there are none. */
  readonly limits: Printable;
  readonly operationsScope: string | undefined;
}

export function serverView(model: ProjectModel): ServerView {
  const { name, title, version, description, instructions, transports } = model.server;
  const declared = model.tools.filter((tool) => tool.kind === 'declared');
  const handled = model.tools.filter((tool) => tool.kind === 'handler');
  return {
    manifestFile: model.manifestFile,
    declared: declared.map((tool) => ({ constant: toolConstant(tool), file: tool.names.file })),
    handled: handled.map(toolConstant).join(', '),
    tools: model.tools.map(toolConstant),
    hasUpstreams: model.upstreams.length > 0,
    fixedCredentials: model.upstreams.length > 0 && obtainedCredentials(model).length === 0,
    credentials: obtainedCredentials(model).map((obtained) => ({
      ...obtained,
      providers: obtained.type === 'provider' ? model.upstreams.filter(hasProvider).map(credentialView) : [],
    })),
    operations: operationsOverHttp(model),
    limitsRequests: model.limits.requestsPerMinute !== undefined,
    traces: model.traces,
    audit: model.audit?.store,
    auditRetentionMs: model.audit?.retentionMs,
    asksCallers: asksCallers(model),
    auth: model.auth && authOf(model.auth),
    tokens: model.auth && tokenKind(model.auth),
    stdio: transports.includes('stdio'),
    http: transports.includes('http'),
    store: model.store,
    identity: present({ name, title, version, description, instructions }),
    scopes: Object.fromEntries(model.scopes.map((scope) => [scope.name, scope.implies])),
    roles: Object.fromEntries(model.roles.map((role) => [role.name, role.scopes])),
    retentionMs: model.retentionMs,
    limits: limitsOf(model.limits),
    operationsScope: model.operationsScope,
  };
}

function limitsOf({ requestsPerMinute, writes }: ProjectModel['limits']): Printable {
  const isLimited = requestsPerMinute !== undefined || writes !== undefined;
  return isLimited ? { requestsPerMinute, writes: writes && capsOf(writes) } : undefined;
}

function authOf({ issuer, audience, addresses, claims, introspection }: AuthModel): Printable {
  const { url, clientId, clientSecret } = introspection ?? {};
  return {
    issuer: { ...issuer },
    audience: { ...audience },
    ...(addresses !== undefined && { addresses }),
    claims: { ...claims },
    introspection: introspection && { url: { ...url }, clientId: { ...clientId }, clientSecret: { ...clientSecret } },
  };
}

function present(values: Readonly<Record<string, string | undefined>>): ServerView['identity'] {
  return Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}
