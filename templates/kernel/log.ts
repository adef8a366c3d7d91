/** Logs as JSON lines on stderr; stdout belongs to the protocol. */
import type { Logger } from './handler.ts';
import { escaped } from './hidden-text.ts';
import type { JsonObject } from './json.ts';

const LONGEST_LINE = 16_000;

// Whoever reads stderr may stop doing so. That must not end the process, least of all in the middle of a write.
process.stderr.on('error', () => {});

/** One line of JSON for each entry. `write` gets the line with its line break. */
export function createLogger(write: (line: string) => void = writeToStderr): Logger {
  const entry = (level: string) => (message: string, fields?: JsonObject) => write(lineOf({ level, message }, fields));
  return { info: entry('info'), warn: entry('warn'), error: entry('error') };
}

function lineOf(entry: { readonly level: string; readonly message: string }, fields?: JsonObject): string {
  const time = new Date().toISOString();
  // The entry's own members come last, so that no field can pretend to be one of them.
  const line = JSON.stringify({ ...fields, time, ...entry });
  if (line.length > LONGEST_LINE) return lineOf({ ...entry, message: entry.message.slice(0, 2_000) }, { cut: true });
  return `${escapeControls(line)}\n`;
}

/** JSON leaves some characters alone that a terminal or a log viewer acts on. */
export function escapeControls(json: string): string {
  return json.replaceAll(/[\u007f-\u009f\p{Cf}\u2028\u2029]/gu, escaped);
}

function writeToStderr(line: string): void {
  process.stderr.write(line);
}
