/** The window of time in which the same call is meant once: `every: day` makes Tuesday's call another than Monday's. */

/** How long after a window begins a call still counts as a repeat of one in the window before. */
export const GRACE_MS = 15 * 60_000;

export interface Window {
  readonly every: 'hour' | 'day' | 'week' | 'month';
  /** IANA name. */
  readonly timezone: string;
}

/** The window's name by the wall clock of its time zone: `2026-11-20T14+01:00`, `2026-11-20`, `2026-W47`, `2026-11`. */
export function windowAt({ every, timezone }: Window, time: number): string {
  const { year, month, day, hour, offset } = wallClock(timezone, time);
  switch (every) {
    case 'hour':
      // With the offset, because the hour in which clocks go back comes twice.
      return `${year}-${month}-${day}T${hour}${offset}`;
    case 'day':
      return `${year}-${month}-${day}`;
    case 'week':
      return isoWeek(Number(year), Number(month), Number(day));
    case 'month':
      return `${year}-${month}`;
  }
}

/** The window before, while the current one is younger than the grace: the call may repeat one made there. */
export function windowWithinGrace(window: Window, time: number): string | undefined {
  const before = windowAt(window, time - GRACE_MS);
  return before === windowAt(window, time) ? undefined : before;
}

function wallClock(timezone: string, time: number) {
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    timeZoneName: 'longOffset',
  });
  const parts = new Map(clock.formatToParts(time).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
  return {
    year: part('year').padStart(4, '0'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    offset: part('timeZoneName').replace('GMT', '') || '+00:00',
  };
}

const DAY_MS = 86_400_000;

/** The week of ISO 8601: it belongs to the year that its Thursday lies in. */
function isoWeek(year: number, month: number, day: number): string {
  const date = Date.UTC(year, month - 1, day);
  const weekday = (new Date(date).getUTCDay() + 6) % 7;
  const thursday = new Date(date + (3 - weekday) * DAY_MS);
  const week = Math.floor((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / (7 * DAY_MS)) + 1;
  return `${String(thursday.getUTCFullYear()).padStart(4, '0')}-W${String(week).padStart(2, '0')}`;
}
