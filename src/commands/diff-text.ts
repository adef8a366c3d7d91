/** A unified diff for a terminal. */
import type { Style, Terminal } from './terminal.ts';

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
