/** Who calls on stdio, and over HTTP without authentication: whoever started the process says so. */
import { randomUUID } from 'node:crypto';

import type { Caller } from '../caller.ts';
import type { ServerDeclaration } from '../tool.ts';
import { quote, type Environment } from './environment.ts';

/** Nothing set means no scopes: everything is denied until somebody allows it. */
export function readCaller(server: ServerDeclaration, environment: Environment): Caller {
  const scopes = environment.list('MCP_SCOPES');
  const roles = environment.list('MCP_ROLES');
  for (const scope of scopes.filter((name) => !Object.hasOwn(server.scopes, name))) {
    environment.problem(`MCP_SCOPES names ${quote(scope)}, which this server does not have: ${known(server.scopes)}.`);
  }
  const tenant = environment.text('MCP_TENANT');
  return {
    subject: environment.text('MCP_SUBJECT') ?? 'local',
    ...(tenant === undefined ? {} : { tenant }),
    run: randomUUID(),
    scopes: expandScopes(server, { scopes, roles }),
    roles: new Set(roles),
  };
}

/** Whoever has no tenant cannot call these: that is told at the start, and not call by call. */
export function requireTenant({ tools }: ServerDeclaration, { tenant }: Caller, environment: Environment): void {
  const names = tools.filter(({ policy }) => policy.needsTenant === true).map(({ definition }) => definition.name);
  if (tenant !== undefined || names.length === 0) return;
  environment.problem(
    `MCP_TENANT is missing: the tenant for whom ${names.join(', ')} act${names.length === 1 ? 's' : ''}.`,
  );
}

/** Where every request says for itself who calls: whatever comes past that may do nothing. */
export function nobody(): Caller {
  return { subject: 'nobody', run: randomUUID(), scopes: new Set(), roles: new Set() };
}

/** The scopes held, those that the roles bring, and all that these imply, directly or through others. */
export function expandScopes(
  server: Pick<ServerDeclaration, 'scopes' | 'roles'>,
  held: { readonly scopes: Iterable<string>; readonly roles: Iterable<string> },
): Set<string> {
  const brought = [...held.roles].flatMap((role) => ownEntry(server.roles, role));
  const expanded = new Set([...held.scopes, ...brought]);
  // A set hands out what is added while it is being walked, so this follows every implication once.
  for (const scope of expanded) {
    for (const implied of ownEntry(server.scopes, scope)) expanded.add(implied);
  }
  return expanded;
}

function ownEntry(table: Readonly<Record<string, readonly string[]>>, name: string): readonly string[] {
  return Object.hasOwn(table, name) ? (table[name] ?? []) : [];
}

function known(scopes: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(scopes);
  return names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
}
