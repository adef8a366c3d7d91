/** Dates and times of RFC 3339. As in Ajv, an offset may leave out its colon or its minutes. */

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^(\d{2}):(\d{2}):(\d{2}(?:\.\d+)?)(z|([+-])(\d{2})(?::?(\d{2}))?)?$/i;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

interface Zone {
  readonly zone: 'required' | 'optional';
}

/** `2026-11-20`, and a day that exists. */
export function isDate(value: string): boolean {
  const [, year, month, day] = DATE.exec(value)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return false;
  const last = month === 2 && isLeap(year) ? 29 : DAYS[month - 1];
  return last !== undefined && day >= 1 && day <= last;
}

/** `12:30:00Z`, `12:30:00.5+01:00`; a leap second only where it is 23:59 UTC. */
export function isTime(value: string, { zone }: Zone): boolean {
  const match = TIME.exec(value);
  if (match === null) return false;
  const [, hour = '', minute = '', second = '', offset, sign, offsetHour = '0', offsetMinute = '0'] = match;
  if (offset === undefined && zone === 'required') return false;
  const [hours, minutes, seconds] = [Number(hour), Number(minute), Number(second)];
  const [zoneHours, zoneMinutes] = [Number(offsetHour), Number(offsetMinute)];
  if (zoneHours > 23 || zoneMinutes > 59) return false;
  if (hours <= 23 && minutes <= 59 && seconds < 60) return true;
  const direction = sign === '-' ? -1 : 1;
  const utcMinutes = minutes - zoneMinutes * direction;
  const utcHours = hours - zoneHours * direction - (utcMinutes < 0 ? 1 : 0);
  return (utcHours === 23 || utcHours === -1) && (utcMinutes === 59 || utcMinutes === -1) && seconds < 61;
}

/** A date and a time, parted by one `T` or one blank. */
export function isDateTime(value: string, zone: Zone): boolean {
  const [date, time, ...more] = value.split(/t|\s/i);
  return date !== undefined && time !== undefined && more.length === 0 && isDate(date) && isTime(time, zone);
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}
