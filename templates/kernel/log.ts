/** Logs as JSON lines on stderr; stdout belongs to the protocol. */
import type { KnownSecrets } from './config/known-secrets.ts';
import { describeError } from './describe-error.ts';
import type { Logger } from './handler.ts';
import { escaped } from './hidden-text.ts';
import { isJsonObject, type JsonObject } from './json.ts';

const LONGEST_LINE = 16_000;

// Whoever reads stderr may stop doing so. That must not end the process, least of all in the middle of a write.
process.stderr.on('error', () => {});

/** One line of JSON for each entry; none shows a known secret. `write` gets the line with its line break. */
export function createLogger(secrets: KnownSecrets, write: (line: string) => void = writeToStderr): Logger {
  const entry = (level: string) => (message: string, fields?: JsonObject, thrown?: unknown) => {
    const about = thrown === undefined ? fields : { ...fields, ...describeError(thrown, secrets) };
    write(lineOf({ level, message: secrets.hide(message) }, about, secrets));
  };
  return { info: entry('info'), warn: entry('warn'), error: entry('error') };
}

interface Entry {
  readonly level: string;
  readonly message: string;
}

function lineOf(entry: Entry, fields: JsonObject | undefined, secrets: KnownSecrets): string {
  const time = new Date().toISOString();
  // The entry's own members come last, so that no field can pretend to be one of them.
  const line = JSON.stringify({ ...fields, time, ...entry }, (_name, value: unknown) => hidden(value, secrets));
  if (line.length > LONGEST_LINE)
    return lineOf({ ...entry, message: entry.message.slice(0, 2_000) }, { cut: true }, secrets);
  return `${escapeControls(line)}\n`;
}

/** Members' names are texts, too. */
function hidden(value: unknown, secrets: KnownSecrets): unknown {
  if (typeof value === 'string') return secrets.hide(value);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [secrets.hide(name), member]));
}

/** JSON leaves some characters alone that a terminal or a log viewer acts on. */
export function escapeControls(json: string): string {
  return json.replaceAll(/[\u007f-\u009f\p{Cf}\u2028\u2029]/gu, escaped);
}

function writeToStderr(line: string): void {
  process.stderr.write(line);
}
