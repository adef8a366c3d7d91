import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import type { Manifest } from '../schema.ts';
import { suggestion } from '../suggest.ts';

/** Scopes that a tool, a role, another scope, an approval or the operators use and nobody declared. */
export function findUndeclaredScopes(manifest: Manifest): Finding[] {
  const declared = new Set(Object.keys(manifest.scopes ?? {}));
  return usedScopes(manifest)
    .filter(({ scope }) => !declared.has(scope))
    .map(({ scope, pointer }) => finding('undeclared-scope', pointer, { scope, ...suggestion(scope, declared) }));
}

interface UsedScope {
  readonly scope: string;
  readonly pointer: string;
}

function usedScopes({ scopes = {}, roles = {}, operations, tools }: Manifest): UsedScope[] {
  return [
    ...Object.entries(scopes).flatMap(([name, scope]) =>
      typeof scope === 'string' ? [] : placed(scope.implies, member('/scopes', name, 'implies')),
    ),
    ...Object.entries(roles).flatMap(([name, held]) => placed(held, member('/roles', name))),
    ...(operations === undefined ? [] : [{ scope: operations.scope, pointer: '/operations/scope' }]),
    ...tools.flatMap(({ scopes: needed, approval }, index) => [
      ...placed(needed, member('/tools', index, 'scopes')),
      ...(approval && approval !== 'none' && approval.scope !== undefined
        ? [{ scope: approval.scope, pointer: member('/tools', index, 'approval', 'scope') }]
        : []),
    ]),
  ];
}

function placed(scopes: readonly string[] = [], pointer: string): UsedScope[] {
  return scopes.map((scope, index) => ({ scope, pointer: member(pointer, index) }));
}
