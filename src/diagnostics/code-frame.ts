/** The lines around a place in a text, with the place underlined. */
import type { Span } from './diagnostic.ts';

const MAX_WIDTH = 100;

/**
 * One line before, the line itself underlined, one line after. Long lines are cut around the place, and
 * characters that a terminal would obey or hide are shown as `�`.
 */
export function drawCodeFrame(text: string, span: Span, underline: (carets: string) => string): string {
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
  const first = Math.max(1, span.line - 1);
  const last = Math.max(span.line, Math.min(lines.length, span.line + 1));
  const gutter = String(last).length;
  const from = windowStart(lines[span.line - 1] ?? '', span.column);
  const drawn: string[] = [];
  for (let number = first; number <= last; number++) {
    const line = cut(lines[number - 1] ?? '', from);
    drawn.push(`${String(number).padStart(gutter)} | ${line}`.trimEnd());
    if (number === span.line)
      drawn.push(`${' '.repeat(gutter)} | ${drawCarets(span, { from, width: line.length }, underline)}`);
  }
  return drawn.join('\n');
}

function drawCarets(
  span: Span,
  line: { readonly from: number; readonly width: number },
  underline: (carets: string) => string,
): string {
  const start = span.column - 1 - line.from;
  const end = span.endLine === span.line ? span.endColumn - 1 - line.from : line.width;
  return ' '.repeat(start) + underline('^'.repeat(Math.max(1, Math.min(end, line.width) - start)));
}

function windowStart(line: string, column: number): number {
  return line.length <= MAX_WIDTH ? 0 : Math.max(0, column - 1 - MAX_WIDTH / 2);
}

function cut(line: string, from: number): string {
  return line
    .slice(from, from + MAX_WIDTH)
    .replaceAll('\t', ' ')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (hidden) => '�'.repeat(hidden.length));
}
