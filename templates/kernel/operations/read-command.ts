/** The command line of operators. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { UsageError } from '../command-line.ts';
import type { JsonValue } from '../json.ts';
import { LISTED, type Finding, type Listed } from './desk.ts';

export type Command = { readonly json: boolean } & (
  | { readonly name: 'help' }
  | { readonly name: 'list'; readonly kinds: readonly Listed[] }
  | { readonly name: 'show' | 'approve' | 'deny'; readonly id: string }
  | { readonly name: 'resolve'; readonly id: string; readonly finding: Finding }
  | { readonly name: 'audit'; readonly since: number | undefined }
  | { readonly name: 'purge' | 'hold' | 'release-hold' }
);

const FLAGS = {
  state: { type: 'string', of: 'list' },
  executed: { type: 'boolean', of: 'resolve' },
  'not-executed': { type: 'boolean', of: 'resolve' },
  result: { type: 'string', of: 'resolve' },
  since: { type: 'string', of: 'audit' },
  json: { type: 'boolean', of: undefined },
  help: { type: 'boolean', short: 'h', of: undefined },
} as const;

/** Throws `UsageError`. */
export function readCommand(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv);
  const { json = false } = values;
  const [name, id, ...others] = positionals;
  if (values.help === true || name === undefined) return { name: 'help', json };
  const misplaced = Object.entries(FLAGS).find(
    ([flag, { of }]) => of !== undefined && of !== name && Object.hasOwn(values, flag),
  );
  if (misplaced !== undefined) throw usage(`--${misplaced[0]} belongs to ${misplaced[1].of}`);
  switch (name) {
    case 'list':
      requireNothing(id);
      return { name, json, kinds: kindsFrom(values.state) };
    case 'show':
    case 'approve':
    case 'deny':
      return { name, json, id: requireOne(name, id, others) };
    case 'resolve':
      return { name, json, id: requireOne(name, id, others), finding: findingFrom(values) };
    case 'audit':
      requireNothing(id);
      return { name, json, since: sinceFrom(values.since) };
    case 'purge':
    case 'hold':
    case 'release-hold':
      requireNothing(id);
      return { name, json };
    default:
      throw usage(`There is no command ${JSON.stringify(name.slice(0, 40))}`);
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: FLAGS, allowPositionals: true });
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
}

function kindsFrom(state: string | undefined): readonly Listed[] {
  if (state === undefined) return LISTED;
  const kinds = LISTED.filter((kind) => kind === state);
  if (kinds.length === 0) throw usage(`--state ${JSON.stringify(state)} is none to list: give ${LISTED.join(', ')}`);
  return kinds;
}

/** A time, or how long ago: in milliseconds since the epoch. */
function sinceFrom(since: string | undefined): number | undefined {
  if (since === undefined) return undefined;
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(since) ?? [];
  const ago =
    count === undefined ? undefined : Number(count) * (unit === 'm' ? 60_000 : unit === 'h' ? 3_600_000 : 86_400_000);
  const at =
    ago === undefined && /^\d{4}-\d{2}-\d{2}/.test(since) ? Date.parse(since) : Date.now() - (ago ?? Number.NaN);
  if (Number.isNaN(at))
    throw usage(`--since ${JSON.stringify(since)} is no time: give one such as 2026-11-20T08:00Z, or 24h`);
  return at;
}

function findingFrom(values: ReturnType<typeof parse>['values']): Finding {
  const { executed = false, 'not-executed': notExecuted = false, result } = values;
  if (executed === notExecuted) throw usage('resolve needs either --executed or --not-executed');
  if (notExecuted && result !== undefined)
    throw usage('--result goes with --executed: without an effect there is none');
  return executed ? { executed, result: result === undefined ? undefined : readResult(result) } : { executed };
}

function readResult(path: string): JsonValue {
  const file = JSON.stringify(path);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw usage(`--result ${file} cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
  try {
    // What JSON.parse returns is JSON.
    return JSON.parse(text) as JsonValue;
  } catch {
    throw usage(`--result ${file} is not JSON: write what the tool would have returned`);
  }
}

function requireOne(name: string, id: string | undefined, others: readonly string[]): string {
  if (id === undefined || others.length > 0) throw usage(`${name} needs one operation id, such as list shows them`);
  return id;
}

function requireNothing(argument: string | undefined): void {
  if (argument !== undefined) throw usage(`${JSON.stringify(argument.slice(0, 40))} is too much`);
}

function usage(problem: string): UsageError {
  return new UsageError(`${problem}.\nRun it with --help to see its commands.`);
}
