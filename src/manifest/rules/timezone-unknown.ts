import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import type { Manifest } from '../schema.ts';

/** Windows in time zones that do not exist. */
export function findUnknownTimezones({ tools }: Manifest): Finding[] {
  return tools.flatMap(({ idempotency }, index) => {
    const occurrence = idempotency?.occurrence;
    if (typeof occurrence !== 'object' || !('every' in occurrence) || isTimezone(occurrence.timezone)) return [];
    const pointer = member('/tools', index, 'idempotency', 'occurrence', 'timezone');
    return [finding('timezone-unknown', pointer, { timezone: occurrence.timezone })];
  });
}

function isTimezone(name: string): boolean {
  // An offset such as +02:00 is accepted by Intl, but is no place: it knows nothing of summer time.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
