/** What waits for people, as a table. */
import type { OperatorConfiguration } from './configuration.ts';
import type { Listed, Listing, OperationView } from './desk.ts';
import { duration, plain } from './text.ts';

const HEAD = ['ID', 'STATE', 'TOOL', 'SUBJECT', 'AGE', 'TIME', 'WHY'];
/** The widest a column gets; ids are never cut. */
const WIDEST = [Infinity, 20, 32, 24, 12, 24, 100];

export function listTable(
  { operations, more }: Listing,
  about: {
    readonly program: string;
    readonly kinds: readonly Listed[];
    readonly where: Pick<OperatorConfiguration, 'environment' | 'store'>;
  },
): string {
  const { program, kinds, where } = about;
  const place = `environment ${where.environment}, ${where.store?.shown ?? 'no store'}`;
  if (operations.length === 0) return `No operation is ${kinds.join(' or ')} (${place}).`;
  const rows = [HEAD, ...operations.map(rowOf)].map((row) => row.map((cell, index) => cut(cell, WIDEST[index])));
  const widths = HEAD.map((_, index) => Math.max(...rows.map((row) => (row[index] ?? '').length)));
  const lines = rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [
    ...lines,
    '',
    ...(more ? ['There are more: list one --state at a time, and see to the first of them.'] : []),
    `Look at one with: ${program} show <id>`,
  ].join('\n');
}

function rowOf(operation: OperationView): readonly string[] {
  const { operation_id: id, state, tool, subject, age_ms: age } = operation;
  return [id, state === 'done' ? 'failed' : state, tool, subject, duration(age), timeOf(operation), whyOf(operation)];
}

/** Until when a question stands, or how long ago whoever executed it was last alive. */
function timeOf(operation: OperationView): string {
  const { state, approval, lease_until: lease, created_at: created, age_ms: age } = operation;
  const now = Date.parse(created) + age;
  if (state === 'pending-approval' && approval) return `expires in ${duration(Date.parse(approval.expires_at) - now)}`;
  return lease === undefined ? '' : leaseText(Date.parse(lease) - now);
}

/** While the lease lasts, whoever executed it may still bring its outcome. */
function leaseText(leftMs: number): string {
  return leftMs > 0 ? `lease ends in ${duration(leftMs)}` : `lease over for ${duration(-leftMs)}`;
}

function whyOf({ state, approval, error, step }: OperationView): string {
  if (state === 'pending-approval') return approval?.summary ?? '';
  if (error !== undefined) return `${error.code}: ${error.message}`;
  return step === undefined ? 'it may have been sent, and no outcome came' : `no outcome of the step ${step}`;
}

function cut(cell: string, widest = Infinity): string {
  const text = plain(cell);
  return text.length <= widest ? text : `${text.slice(0, widest - 1).toWellFormed()}…`;
}
