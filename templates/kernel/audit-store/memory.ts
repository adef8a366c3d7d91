/** Audit in memory: for tests. It ends with the process. */
import type { LastOf } from '../audit-findings.ts';
import { memory } from '../idempotency/memory.ts';
import type { AuditLog, AuditLogKind, KeptLine } from './audit-log.ts';

export const memoryAudit: AuditLogKind = { locate: memory.locate, open: async () => openMemoryAudit() };

export function openMemoryAudit(now: () => number = Date.now): AuditLog {
  let kept: readonly KeptLine[] = [];
  let last = 0;
  const ended = new Map<string, LastOf>();
  return {
    append: async (lines) => {
      kept = [...kept, ...lines.map((line) => ({ ...line, position: String((last += 1)), at: now() }))];
    },
    page: async ({ after = '0', since = 0, limit }) =>
      kept.filter(({ position, at }) => Number(position) > Number(after) && at >= since).slice(0, limit),
    remove: async (upTo, ends) => {
      kept = kept.filter(({ position }) => Number(position) > Number(upTo));
      for (const [name, end] of ends) if ((ended.get(name)?.sequence ?? 0) < end.sequence) ended.set(name, end);
    },
    ends: async () => new Map(ended),
    now: async () => now(),
    close: async () => {},
  };
}
