/** An audit event as it goes on record together with the change that it tells of. */
import type { AuditEvent } from '../audit.ts';
import type { Entry } from '../idempotency/store.ts';

export function entryOf(event: AuditEvent): Entry {
  return { id: entryId(event), text: JSON.stringify(event) };
}

/** Begins with the id of the operation, so that servers which share a store deliver only what is theirs. */
export function entryId({ operation_id: operation = '', event_id: event }: AuditEvent): string {
  return `${operation}.${event}`;
}
