/** The part of the kernel that a project needs: what its own files import, and all that those import in turn. */
import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { posix } from 'node:path';

import type { AuthModel, CredentialModel, ProjectModel } from '../model/project.ts';
import { KERNEL } from './package-root.ts';
import { sharedStore } from './views/store.ts';

export interface Kernel {
  /** Path below `src/kernel/` → contents. */
  readonly files: ReadonlyMap<string, string>;
  /** The npm packages that these files import, sorted. */
  readonly packages: readonly string[];
}

/** The kernel files that a project's own code, its generated code and its generated tests name. */
export function kernelEntries(model: ProjectModel): readonly string[] {
  const { transports } = model.server;
  return [
    'audit.ts',
    'caller.ts',
    'config.ts',
    'content.ts',
    'expression.ts',
    'failure.ts',
    'handler.ts',
    'json-schema/runtime.ts',
    'json.ts',
    'runtime.ts',
    'start.ts',
    'tool.ts',
    'verify-audit.ts',
    ...transports.map((transport) => `transport/${transport}.ts`),
    ...(model.upstreams.length === 0 ? [] : ['upstream/part.ts']),
    ...obtainedCredentials(model).map(({ file }) => `upstream/credentials/${file}.ts`),
    ...(model.store === undefined
      ? []
      : [`idempotency/${model.store}.ts`, 'operations/command-line.ts', 'pipeline/write-path.ts']),
    ...(model.audit === undefined
      ? []
      : [
          `audit-store/${model.audit.store}.ts`,
          'audit-store/inspect-kept.ts',
          'audit-store/kept-audit.ts',
          'operations/command-line.ts',
        ]),
    ...(model.limits.requestsPerMinute === undefined ? [] : ['pipeline/request-rate.ts']),
    ...(model.traces === undefined ? [] : [`traces/${model.traces}.ts`]),
    ...(model.auth === undefined ? [] : ['auth/oauth.ts', `auth/${tokenKind(model.auth)}.ts`]),
    ...(operationsOverHttp(model) ? ['operations/http.ts'] : []),
    ...(asksCallers(model) ? ['transport/ask-caller.ts'] : []),
    // Their tests run in memory where nobody names a store.
    ...(sharedStore(model) === undefined ? [] : ['idempotency/memory.ts']),
  ];
}

/** How it is found out what a token says, as the kernel's file and its export are called. */
export function tokenKind({ introspection }: AuthModel): 'jwt' | 'introspection' {
  return introspection === undefined ? 'jwt' : 'introspection';
}

/** Whether there is anything for people to look at on the command line. */
export function hasCommandLine({ store, audit }: ProjectModel): boolean {
  return store !== undefined || audit !== undefined;
}

/** Whether operators may come over HTTP: there is something to operate on, a way in, and a scope to hold. */
export function operationsOverHttp({ store, server, operationsScope }: ProjectModel): boolean {
  return store !== undefined && operationsScope !== undefined && server.transports.includes('http');
}

/** A credential that is obtained while the server runs: the kernel's file and the name that it exports. */
export interface ObtainedCredential {
  readonly type: CredentialModel['type'];
  readonly file: string;
  readonly constant: string;
}

const OBTAINED: readonly ObtainedCredential[] = [
  { type: 'oauth-client-credentials', file: 'client-credentials', constant: 'clientCredentials' },
  { type: 'oauth-token-exchange', file: 'token-exchange', constant: 'tokenExchange' },
  { type: 'provider', file: 'provider', constant: 'provided' },
];

/** Those that the project's upstreams have. */
export function obtainedCredentials({ upstreams }: ProjectModel): readonly ObtainedCredential[] {
  return OBTAINED.filter(({ type }) => upstreams.some(({ credential }) => credential.type === type));
}

/** Whether some tool asks whoever calls it for a yes. */
export function asksCallers({ tools }: ProjectModel): boolean {
  return tools.some(({ approval }) => approval?.by === 'caller');
}

/** Module specifiers in static and dynamic imports and in re-exports; the kernel is formatted, so quotes are single. */
const SPECIFIER = /\b(?:from|import)\s*\(?\s*'([^'\n]+)'/g;

/** Reads the entries and everything that they import. */
export async function readKernel(entries: readonly string[]): Promise<Kernel> {
  const files = new Map<string, string>();
  const packages = new Set<string>();
  const visit = async (path: string): Promise<void> => {
    if (files.has(path)) return;
    files.set(path, '');
    const source = await readFile(new URL(path, KERNEL), 'utf8');
    files.set(path, source);
    const specifiers = [...source.matchAll(SPECIFIER)].map(([, specifier = '']) => specifier);
    for (const specifier of specifiers.filter((name) => !name.startsWith('.') && !isBuiltin(name))) {
      packages.add(packageName(specifier));
    }
    const imported = specifiers.filter((name) => name.startsWith('.'));
    await Promise.all(imported.map((name) => visit(posix.join(posix.dirname(path), name))));
  };
  await Promise.all(entries.map(visit));
  return { files, packages: [...packages].sort() };
}

/** `@modelcontextprotocol/server/stdio` → `@modelcontextprotocol/server`. */
function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
