/** Durations as a manifest writes them. */

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** `48h`, `3d`, `90s`, `1500ms`: whole units, and days only from the third on. */
export function durationInWords(milliseconds: number): string {
  const unit = UNITS.find(
    ([name, length]) => milliseconds % length === 0 && (name !== 'd' || milliseconds > 2 * length),
  );
  return unit === undefined ? `${milliseconds}ms` : `${milliseconds / unit[1]}${unit[0]}`;
}
