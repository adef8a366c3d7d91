/** When a window of time ends in which a tool's call is meant once. */
import type { ToolModel } from '../../model/project.ts';

/** A Monday that begins a month: on it a window of every length ends. */
const MIDNIGHT = Date.UTC(2027, 1, 1);

/** ISO 8601; absent for a tool whose calls are meant once in no window. */
export function windowEnd({ idempotency }: Pick<ToolModel, 'idempotency'>): string | undefined {
  const occurrence = idempotency && 'occurrence' in idempotency ? idempotency.occurrence : undefined;
  if (occurrence === undefined || !('every' in occurrence)) return undefined;
  return new Date(MIDNIGHT - offsetAt(MIDNIGHT, occurrence.timezone)).toISOString();
}

/** How far the zone's clocks are ahead of UTC on that day, in milliseconds. */
function offsetAt(time: number, timeZone: string): number {
  const clock = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  const name = clock.formatToParts(time).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = 0, minutes = 0] = /([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
