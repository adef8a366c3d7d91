/** Manifest text in comments, headings and tables: shown, and unable to end what it stands in. */
import { escapeInvisible } from './literal.ts';

const WIDTH = 115;
const MAX_LINES = 24;

/**
 * A doc comment over several lines. The closing mark stands on a line of its own, so that no text can become
 * a compiler directive, which TypeScript looks for in a comment's last line.
 */
export function docComment(text: string): string {
  const lines = text
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => escapeInvisible(line.trim()).replaceAll('*/', '*\\/').replaceAll('/*', '/\\*'))
    .flatMap(wrap);
  const shown = lines.length > MAX_LINES ? [...lines.slice(0, MAX_LINES - 1), '…'] : lines;
  return ['/**', ...shown.map((line) => ` * ${line}`.trimEnd()), ' */'].join('\n');
}

/** Text for the rest of one line. */
export function inline(text: string): string {
  return escapeInvisible(text.replace(/\s+/g, ' ').trim());
}

/** Text for Markdown, on one line: nothing in it starts a block, a code span, a link, HTML or a table cell. */
export function markdown(text: string): string {
  return inline(text)
    .replace(/[\\`*[\]|<>]/g, '\\$&')
    .replace(/^[#+-]+(?=\s|$)/, '\\$&')
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2');
}

/** A code span of Markdown, in a table too: fenced by more backticks than the text has in a row. */
export function codeSpan(text: string): string {
  const code = inline(text).replaceAll('|', '\\|');
  const runs = code.match(/`+/g) ?? [];
  const fence = '`'.repeat(1 + Math.max(0, ...runs.map((run) => run.length)));
  const space = code.startsWith('`') || code.endsWith('`') ? ' ' : '';
  return `${fence}${space}${code}${space}${fence}`;
}

function wrap(line: string): readonly string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(/[ \t]+/)) {
    if (current !== '' && current.length + 1 + word.length > WIDTH) {
      lines.push(current);
      current = word;
    } else {
      current = current === '' ? word : `${current} ${word}`;
    }
  }
  return [...lines, current];
}
