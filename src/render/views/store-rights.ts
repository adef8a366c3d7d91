/** What a server's role may do in a store of its own, and no more: lines for `psql` and `redis-cli`. */
import type { SharedStore } from './store.ts';

export interface RightsView {
  readonly language: string;
  readonly lines: readonly string[];
  readonly about: string;
}

/** `name`: of the server, and so of its role; `checkStart`: what makes the tables; `keepsAudit`: audit goes there, too. */
export function storeRights(
  store: SharedStore,
  about: { readonly name: string; readonly checkStart: string; readonly keepsAudit: boolean },
): RightsView {
  const { name, checkStart, keepsAudit } = about;
  if (store === 'redis') return redisRights(name, keepsAudit);
  return {
    language: 'sql',
    lines: [...postgresGrants(`"${name}"`), ...(keepsAudit ? auditGrants(`"${name}"`) : [])],
    about:
      `The tables belong to another role, which makes them, and changes them for a new release, before the server starts:\n` +
      `\`MCP_STORE_URL=<that role's> ${checkStart}\`. \`operations -- hold\` and \`release-hold\` need \`UPDATE ON hardened_mcp_epochs\`\n` +
      `besides: a right of operators.`,
  };
}

function postgresGrants(role: string): readonly string[] {
  return [
    `CREATE ROLE ${role} LOGIN PASSWORD '…';`,
    `GRANT USAGE ON SCHEMA public TO ${role};`,
    `GRANT SELECT ON hardened_mcp_schema, hardened_mcp_epochs TO ${role};`,
    `GRANT USAGE, SELECT ON SEQUENCE hardened_mcp_fences TO ${role};`,
    'GRANT SELECT, INSERT, UPDATE, DELETE',
    `  ON hardened_mcp_operations, hardened_mcp_counters, hardened_mcp_outbox TO ${role};`,
  ];
}

function auditGrants(role: string): readonly string[] {
  return [
    `GRANT SELECT, INSERT, DELETE ON hardened_mcp_audit TO ${role};`,
    `GRANT SELECT, INSERT, UPDATE ON hardened_mcp_audit_ends TO ${role};`,
  ];
}

/** Of the connection, and of the scripts: these are checked for each command that they call. */
const COMMANDS =
  'eval info time get set exists del incr decr pexpire pexpireat hget hgetall hset hsetnx hdel ' +
  'zadd zrem zrevrange zrangebyscore zrevrangebyscore zcount';

const AUDIT_COMMANDS = ' xadd xrange xtrim';

function redisRights(name: string, keepsAudit: boolean): RightsView {
  const commands = keepsAudit ? COMMANDS + AUDIT_COMMANDS : COMMANDS;
  return {
    language: 'text',
    lines: [`ACL SETUSER ${name} reset on ><password> ~{hardened-mcp}:* ${commands.replace(/\w+/g, '+$&')}`],
    about:
      `The pattern is what its keys begin with: \`?prefix=\` where the URL says so. The URL is \`rediss://${name}:<password>@…\`.\n` +
      '`operations -- hold` and `release-hold` need `+hincrby` besides: a right of operators.',
  };
}
