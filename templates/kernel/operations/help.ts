/** What `operations --help` says. */
import type { ServerDeclaration } from '../tool.ts';
import { LISTED } from './desk.ts';

const ID = 'op_0123456789abcdef0123456789abcdef';

const AUDIT = [
  'audit [--since <time>]',
  'audit as the store has it, the oldest first: 2026-11-20T08:00Z, or 24h; --json: lines as they were written',
] as const;
const AUDIT_FILE = ['MCP_AUDIT_FILE', 'a file for audit events; unset: standard error'] as const;

export function helpText(
  { name, title, operationsScope }: Pick<ServerDeclaration, 'name' | 'title' | 'operationsScope'>,
  about: {
    readonly program: string;
    readonly variable?: readonly [string, string] | undefined;
    /** Audit goes to the store. */
    readonly keepsAudit: boolean;
  },
): string {
  const { program, variable, keepsAudit } = about;
  const scope = operationsScope === undefined ? '' : `; needs the scope ${operationsScope}`;
  const lines = [
    `Operations of ${title ?? name}: writes that wait for a person.`,
    '',
    'Commands',
    ...aligned([
      ['list [--state <state>]', `${LISTED.join(', ')}; without --state all of them`],
      ['show <id>', 'all that is known of one, and what can be done about it'],
      ['approve <id>', 'says yes; needs the scope that the approval names, and is not for whoever asked'],
      ['deny <id>', 'says no; likewise'],
      [
        'resolve <id> --executed [--result <file>]',
        `says that an unknown one happened, all of it, and what came of it (JSON)${scope}`,
      ],
      ['resolve <id> --not-executed', `says that it did not happen, so that it may be executed again${scope}`],
      ['purge', `removes what is finished, or failed, and older than the retention, of all tenants${scope}`],
      ['hold', `holds irreversible calls back, after a backup was restored; on the command line alone${scope}`],
      ['release-hold', `lets them go on; likewise${scope}`],
      ...(keepsAudit ? [AUDIT] : []),
    ]),
    '',
    'Flags',
    ...aligned([
      ['--json', 'JSON for scripts, with the members of the HTTP endpoint'],
      ['-h, --help', 'this text'],
    ]),
    '',
    'Examples',
    `  ${program} list --state pending-approval`,
    `  ${program} approve ${ID}`,
    `  ${program} resolve ${ID} --executed --result refund.json`,
    '',
    'Environment',
    ...aligned([
      ['MCP_SUBJECT', 'who you are, as audit has it; unset: local'],
      ['MCP_SCOPES', 'the scopes you hold, separated by spaces; unset: none'],
      ['MCP_ROLES', 'your roles, separated by spaces; unset: none'],
      ['MCP_TENANT', 'only operations of this tenant, and no purge; unset: of all'],
      ['MCP_ENVIRONMENT', 'only operations of this environment; unset: development'],
      ...(keepsAudit ? [] : [AUDIT_FILE]),
      ...(variable === undefined ? [] : [variable]),
    ]),
    '',
    'Exit codes: 0 done; 1 refused, or there is no such operation; 2 wrong command line or environment.',
  ];
  return `${lines.join('\n')}\n`;
}

function aligned(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return rows.map(([name, meaning]) => `  ${name.padEnd(width)}${meaning}`);
}
