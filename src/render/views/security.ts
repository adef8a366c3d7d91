/** For `SECURITY.md.hbs`: what each tool may do, for the person who has to say yes. */
import type { IdempotencyModel, OccurrenceModel } from '../../model/guards.ts';
import type { AuthModel, ProjectModel, StoreModel, ToolModel } from '../../model/project.ts';
import { describeRecovery } from '../../model/recovery.ts';
import { describeLimits, guardFacts } from './security-guards.ts';
import { describeCallers, describeKept, describeOwnCode } from './security-process.ts';

export interface SecurityView {
  readonly manifestFile: string;
  readonly title: string;
  readonly scopes: readonly { readonly name: string; readonly description: string; readonly implies: string }[];
  readonly roles: readonly { readonly name: string; readonly scopes: string }[];
  readonly upstreams: readonly {
    readonly name: string;
    readonly hosts: string;
    /** Where its name may lead. */
    readonly addresses: string;
    readonly credential: string;
  }[];
  readonly tools: readonly {
    readonly name: string;
    readonly description: string;
    readonly facts: readonly { readonly name: string; readonly value: string }[];
    readonly errors: readonly { readonly code: string; readonly category: string; readonly when: string }[];
  }[];
  /** How callers who come over HTTP sign in: Markdown. */
  readonly signIn: string | undefined;
  /** Upstreams that are called in the caller's name. */
  readonly actsForCaller: string | undefined;
  readonly writes: boolean;
  readonly limits: readonly string[];
  /** Who calls besides those who sign in; what the project's own code sees; what stays: Markdown. */
  readonly callers: readonly string[];
  readonly ownCode: readonly string[];
  readonly kept: readonly string[];
  /** Where operations are kept, and what can lose them: Markdown. */
  readonly keptIn: string | undefined;
  /** How long the store keeps audit; absent where audit goes elsewhere. */
  readonly auditDays: string | undefined;
}

export function securityView(model: ProjectModel): SecurityView {
  return {
    manifestFile: model.manifestFile,
    title: model.server.title ?? model.server.name,
    scopes: model.scopes.map(({ name, description, implies }) => ({ name, description, implies: list(implies) })),
    roles: model.roles.map(({ name, scopes }) => ({ name, scopes: list(scopes) })),
    upstreams: model.upstreams.map(({ name, allowedHosts, addresses, credential }) => ({
      name,
      hosts: list(allowedHosts),
      addresses: describeAddresses(addresses, allowedHosts),
      credential: credential.type,
    })),
    tools: model.tools.map((tool) => ({
      name: tool.name,
      description: tool.description ?? tool.title ?? '',
      facts: factsOf(tool, model),
      errors: [
        ...tool.preconditions.map(({ code }) => ({
          code,
          category: 'failed_precondition',
          when: 'what is read before the call does not fit',
        })),
        ...tool.errors.map(({ code, category, when }) => ({
          code,
          category,
          when: when === undefined ? 'the handler says so' : describeCondition(when),
        })),
      ],
    })),
    signIn: model.auth && describeSignIn(model.auth, model.upstreams.some(isExchanged)),
    actsForCaller: list(model.upstreams.filter(isExchanged).map(({ name }) => name)) || undefined,
    writes: model.store !== undefined,
    limits: describeLimits(model),
    callers: describeCallers(model),
    ownCode: describeOwnCode(model),
    kept: describeKept(model),
    keptIn: model.store && KEPT_IN[model.store],
    auditDays: model.audit && formatDays(model.audit.retentionMs),
  };
}

function formatDays(ms: number): string {
  const days = ms / 86_400_000;
  return days === 1 ? 'a day' : `${days.toFixed(1).replace('.0', '')} days`;
}

function isExchanged({ credential }: ProjectModel['upstreams'][number]): boolean {
  return credential.type === 'oauth-token-exchange';
}

function describeSignIn({ introspection, claims, addresses }: AuthModel, isExchangedToo: boolean): string {
  const checked =
    introspection === undefined
      ? 'a JWT whose signature, issuer, audience and time are checked with the keys that the issuer publishes'
      : 'and the issuer is asked about it each time, so that a revoked one is refused at once';
  const tenant = claims.tenant === undefined ? '' : ' A token that names no tenant is refused.';
  const further = isExchangedToo
    ? 'It goes nowhere else but to the issuer of an upstream that is called in its name.'
    : 'It goes nowhere else.';
  const where = `Issuers are connected to at ${addresses === 'private' ? '**public and private**' : 'public'} addresses only.`;
  return `Over HTTP every request carries an access token, ${checked}.${tenant} ${further} ${where}`;
}

const KEPT_IN: Readonly<Record<StoreModel, string>> = {
  memory: 'memory, and forgotten when the process ends; `NODE_ENV=production` refuses that',
  sqlite: 'an SQLite file on one machine; each step is on disk before the next is taken',
  postgres: 'PostgreSQL, which is refused while `synchronous_commit` or `fsync` is off',
  redis:
    'Redis, which is refused while it may evict. It may lose its last writes in a failover, and in a crash unless it runs ' +
    'with `appendfsync always`; a repeat of a call that was lost is executed again',
};

function factsOf(tool: ToolModel, model: ProjectModel): SecurityView['tools'][number]['facts'] {
  return [
    { name: 'May', value: MAY[tool.mutability] },
    { name: 'Needs scopes', value: tool.scopes.length === 0 ? 'none: the tool is public' : list(tool.scopes) },
    ...(tool.roles.length === 0 ? [] : [{ name: 'Needs one of the roles', value: list(tool.roles) }]),
    { name: 'Executed by', value: executor(tool) },
    ...(tool.upstreamScopes === undefined
      ? []
      : [{ name: 'Tokens for the upstream carry', value: list(tool.upstreamScopes) }]),
    ...guardFacts(tool),
    ...(tool.idempotency === undefined ? [] : [{ name: 'Repeated calls', value: describeRepeats(tool.idempotency) }]),
    ...(tool.idempotency === undefined ? [] : [{ name: 'After a crash', value: describeRecovery(tool, model) }]),
    ...(tool.sensitive.length === 0 ? [] : [{ name: 'Audited as a hash', value: list(tool.sensitive) }]),
  ];
}

const MAY: Readonly<Record<ToolModel['mutability'], string>> = {
  'read-only': 'read, and change nothing',
  additive: 'add, and change nothing that exists',
  destructive: 'change or remove what exists',
  irreversible: 'do what cannot be undone',
};

function executor(tool: ToolModel): string {
  if (tool.request === undefined) return `your handler in src/tools/${tool.names.file}.ts`;
  return `${tool.request.method} at the upstream ${tool.request.upstream}`;
}

const THIS_MACHINE = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/;

function describeAddresses(addresses: 'public' | 'private', hosts: readonly string[]): string {
  if (addresses === 'private') return '**public and private**';
  return hosts.some((host) => THIS_MACHINE.test(host)) ? 'public, or this machine' : 'public';
}

function describeRepeats(idempotency: IdempotencyModel): string {
  switch (idempotency.strategy) {
    case 'natural':
      return 'set the same value again';
    case 'caller-key':
      return "get the first call's answer, by the key that the caller sends";
    case 'derived-key':
      return `get the first call's answer${describeOccurrence(idempotency.occurrence)}, by a key derived from the arguments`;
    case 'read-before-write':
      return `get what the upstream has already${describeOccurrence(idempotency.occurrence)}, by a key derived from the arguments; it is asked before anything is sent, which is less than an upstream that recognises repeats itself`;
  }
}

function describeOccurrence(occurrence: OccurrenceModel | undefined): string {
  if (occurrence === undefined) return '';
  return 'every' in occurrence ? ` within one ${occurrence.every} (${occurrence.timezone})` : ' within one occurrence';
}

function describeCondition(when: NonNullable<ToolModel['errors'][number]['when']>): string {
  return `status ${list(when.status.map(String))}${when.condition === undefined ? '' : ' and a body that matches'}`;
}

function list(items: readonly string[]): string {
  return items.join(', ');
}
