/** The caps that a write is charged to: those of its tool, and those of all writes together. */
import type { Caller } from '../caller.ts';
import type { Cap } from '../idempotency/claim.ts';
import { hashJson } from '../idempotency/key.ts';
import type { JsonValue } from '../json.ts';
import type { WriteCaps } from '../policy.ts';
import type { Tool } from '../tool.ts';

/** `realm`: of the server in its environment, so that two in one store never share a counter. */
export function capsOf(
  tool: Tool,
  caller: Caller,
  { realm, allWrites }: { readonly realm: string; readonly allWrites: WriteCaps | undefined },
): readonly Cap[] {
  return [
    ...asCaps(tool.policy.caps, [realm, 'tool', tool.definition.name], caller),
    ...asCaps(allWrites, [realm, 'all'], caller),
  ];
}

function asCaps(caps: WriteCaps | undefined, of: readonly JsonValue[], caller: Caller): readonly Cap[] {
  if (caps === undefined) return [];
  const counted = [...of, ...countedTogether(caps, caller)];
  return [
    ...cap('run', caps.perRun, [...counted, 'run', caller.run]),
    ...cap('hour', caps.perHour, [...counted, 'hour']),
    ...cap('day', caps.perDay, [...counted, 'day']),
  ];
}

function countedTogether({ per }: WriteCaps, caller: Caller): readonly JsonValue[] {
  const { subject, tenant = null }: { subject: string; tenant?: string | null } = caller;
  switch (per) {
    case 'principal':
      return [per, tenant, subject];
    case 'tenant':
      return [per, tenant];
    case 'server':
      return [per];
  }
}

function cap(window: Cap['window'], limit: number | undefined, counted: readonly JsonValue[]): readonly Cap[] {
  return limit === undefined ? [] : [{ counter: hashJson([...counted]), window, limit }];
}
