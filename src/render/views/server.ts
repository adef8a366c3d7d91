/** For `src/generated/server.ts.hbs`: the whole server, and the kernel's parts that it is started with. */
import type { ProjectModel } from '../../model/project.ts';
import { asksCallers, operationsOverHttp } from '../kernel.ts';
import type { Printable } from '../literal.ts';
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
  readonly operations: boolean;
  readonly limitsRequests: boolean;
  readonly asksCallers: boolean;
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
    operations: operationsOverHttp(model),
    limitsRequests: model.limits.requestsPerMinute !== undefined,
    asksCallers: asksCallers(model),
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

function present(values: Readonly<Record<string, string | undefined>>): ServerView['identity'] {
  return Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}
