/** For `README.md.hbs` and `AGENTS.md.hbs`. */
import type { ProjectModel } from '../../model/project.ts';
import { recoveryInWords } from '../../model/recovery.ts';
import type { RenderContext } from '../context.ts';
import { hardenedFlags, type HardenedFlag } from '../hardened-run.ts';
import { hasCommandLine, operationsOverHttp } from '../kernel.ts';
import { containerView, type ContainerView } from './container.ts';
import { credentialView, hasProvider, type CredentialView } from './credential.ts';
import { runView, type RunView } from './run.ts';
import { storeRights, type RightsView } from './store-rights.ts';
import { LOCAL_STORE, sharedStore, STORE_NAMES } from './store.ts';

/** Nothing that a project may choose for itself: AGENTS.md is generated. */
export interface AgentsView {
  readonly manifestFile: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly stdio: boolean;
  readonly http: boolean;
  /** Callers who come over HTTP do. */
  readonly signsIn: boolean;
  readonly writes: boolean;
  readonly operatorsOverHttp: boolean;
  readonly operationsScope: string | undefined;
  /** Something stands between a call and its execution: any of the four below. */
  readonly guarded: boolean;
  /** Some call waits for somebody else than its caller. */
  readonly approvers: boolean;
  /** Some call asks its caller. */
  readonly askedCallers: boolean;
  readonly caps: boolean;
  readonly preconditions: boolean;
  readonly traces: boolean;
  /** There is something for people to look at in the store. */
  readonly commandLine: boolean;
  /** In the store. */
  readonly keepsAudit: boolean;
  /** As SQL names it; where audit goes to Redis, there is none. */
  readonly auditTable: string | undefined;
  /** Present where operations are kept in a server of their own. */
  readonly shared: SharedStoreView | undefined;
  /** Upstreams whose token a function of the project finds. */
  readonly providers: readonly CredentialView[];
  readonly handlers: readonly { readonly name: string; readonly file: string }[];
  readonly tools: readonly {
    readonly name: string;
    readonly kind: string;
    readonly about: string;
    readonly recovery: string;
  }[];
}

export interface ReadmeView extends AgentsView {
  readonly shared: ReadmeStoreView | undefined;
  readonly run: RunView;
  readonly hardened: readonly HardenedFlag[];
  readonly container: ContainerView;
}

export interface SharedStoreView {
  readonly name: string;
  /** Of the one that `compose.yaml` starts. */
  readonly url: string;
  /** What it takes for nothing to be lost: Markdown. */
  readonly durability: string;
}

export interface ReadmeStoreView extends SharedStoreView {
  readonly rights: RightsView;
}

export function readmeView(model: ProjectModel, { packageManager }: RenderContext): ReadmeView {
  const run = runView(packageManager, { signsIn: model.auth !== undefined });
  const store = sharedStore(model);
  const view = agentsView(model);
  return {
    ...view,
    shared: store && view.shared && { ...view.shared, rights: storeRights(store, { ...view, ...run }) },
    run,
    hardened: hardenedFlags({ writes: model.store !== undefined }),
    container: containerView(model),
  };
}

export function agentsView(model: ProjectModel): AgentsView {
  const { name, title, description, transports } = model.server;
  return {
    manifestFile: model.manifestFile,
    name,
    title: title ?? name,
    description: description ?? `An MCP server with ${count(model.tools.length)}.`,
    stdio: transports.includes('stdio'),
    http: transports.includes('http'),
    signsIn: model.auth !== undefined,
    writes: model.store !== undefined,
    operatorsOverHttp: operationsOverHttp(model),
    operationsScope: model.operationsScope,
    ...guardsView(model),
    traces: model.traces !== undefined,
    commandLine: hasCommandLine(model),
    keepsAudit: model.audit !== undefined,
    auditTable: auditTable(model),
    shared: sharedView(model),
    providers: model.upstreams.filter(hasProvider).map(credentialView),
    handlers: model.tools
      .filter((tool) => tool.kind === 'handler')
      .map((tool) => ({ name: tool.name, file: `src/tools/${tool.names.file}.ts` })),
    tools: model.tools.map((tool) => ({
      name: tool.name,
      kind: tool.mutability,
      about: firstSentence(tool.description ?? tool.title ?? ''),
      recovery: recoveryInWords(tool),
    })),
  };
}

function auditTable({ audit }: ProjectModel): string | undefined {
  if (audit?.store === 'sqlite') return 'audit';
  return audit?.store === 'postgres' ? 'hardened_mcp_audit' : undefined;
}

function guardsView({ tools, limits }: ProjectModel) {
  const guards = {
    askedCallers: tools.some(({ approval }) => approval?.by === 'caller'),
    approvers: tools.some(({ approval }) => approval?.by === 'approver'),
    caps: limits.writes !== undefined || tools.some((tool) => tool.caps !== undefined),
    preconditions: tools.some(({ preconditions }) => preconditions.length > 0),
  };
  return { ...guards, guarded: Object.values(guards).includes(true) };
}

const DURABILITY = {
  postgres:
    'A database with `synchronous_commit` or `fsync` off is refused. TLS is as the URL says: `?sslmode=verify-full`.',
  redis:
    'Redis is refused unless its `maxmemory-policy` is `noeviction`. Run it with `appendonly yes` and `appendfsync always`:\n' +
    'else it may lose its last writes in a crash, as it may when it fails over to a replica, and a repeat of a lost call is\n' +
    'executed again. TLS is as the URL says: `rediss://`; `?prefix=` sets what its keys begin with.',
} as const;

function sharedView(model: ProjectModel): SharedStoreView | undefined {
  const store = sharedStore(model);
  return store && { name: STORE_NAMES[store], url: LOCAL_STORE[store], durability: DURABILITY[store] };
}

function count(tools: number): string {
  return tools === 1 ? 'one tool' : `${tools} tools`;
}

function firstSentence(text: string): string {
  const [sentence = ''] = /^.*?[.!?](?=\s|$)/su.exec(text) ?? [text];
  return sentence.length > 200 ? `${sentence.slice(0, 199).replace(/[\ud800-\udbff]$/, '')}…` : sentence;
}
