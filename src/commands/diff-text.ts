/** A unified diff for a terminal. */
import type { Style, Terminal } from './terminal.ts';

/** Enough to see what it is about; `--json` has all of it. */
const MOST_LINES = 40;

/** The beginning of a long diff, and how much was left out. */
export function shortenDiff(diff: string): string {
  const lines = diff.trimEnd().split('\n');
  if (lines.length <= MOST_LINES) return lines.join('\n');
  return [...lines.slice(0, MOST_LINES), `… ${lines.length - MOST_LINES} more lines; --json has them all`].join('\n');
}

export function paintDiff(diff: string, terminal: Terminal): string {
  return diff
    .trimEnd()
    .split('\n')
    .map((line) => {
      const style = styleOf(line);
      return style === undefined ? line : terminal.paint(style, line);
    })
    .join('\n');
}

function styleOf(line: string): Style | undefined {
  if (line.startsWith('+++') || line.startsWith('---')) return 'bold';
  if (line.startsWith('+')) return 'green';
  if (line.startsWith('-')) return 'red';
  return line.startsWith('@@') ? 'cyan' : undefined;
}
