/** `explain`: what a diagnostic, or an error of a generated server, means and what to do about it. */
import * as z from 'zod';

import { catalogEntry, DIAGNOSTIC_CODES } from '../diagnostics/catalog.ts';
import { suggest } from '../manifest/suggest.ts';
import { CannotRun } from './cannot-run.ts';
import { SERVER_ERRORS } from './server-errors.ts';
import type { CommandContext, CommandOutcome, Terminal } from './terminal.ts';

const explainFlags = z.object({ arguments: z.array(z.string()) });

interface Explanation {
  readonly code: string;
  readonly kind: string;
  readonly means: string;
  readonly fix: string;
  readonly example?: string;
}

export async function runExplain({ terminal }: CommandContext, rawFlags: unknown): Promise<CommandOutcome> {
  const [code] = explainFlags.parse(rawFlags).arguments;
  return code === undefined ? listCodes(terminal) : explain(code, terminal);
}

function explain(code: string, terminal: Terminal): CommandOutcome {
  const explanation = findDiagnostic(code) ?? findServerError(code);
  if (explanation === undefined) {
    const meant = suggest(code, [...DIAGNOSTIC_CODES, ...Object.keys(SERVER_ERRORS)]);
    const hint = meant === undefined ? 'hardened-mcp explain lists all.' : `Did you mean ${meant}?`;
    throw new CannotRun(`There is no code ${code}. ${hint} Codes that a manifest declares are explained there.`);
  }
  const { kind, means, fix, example } = explanation;
  terminal.report(`${terminal.paint('bold', explanation.code)}  ${terminal.paint('dim', kind)}\n\n${means}`);
  terminal.report(`\nWhat to do: ${fix}`);
  if (example !== undefined) terminal.report(`\nFor example:\n\n${example.replace(/^/gm, '  ')}`);
  return { exitCode: 0, document: { command: 'explain', ...explanation } };
}

function listCodes(terminal: Terminal): CommandOutcome {
  const serverErrors = Object.keys(SERVER_ERRORS);
  terminal.report(terminal.paint('bold', 'Diagnostics of a manifest or a project'));
  for (const code of DIAGNOSTIC_CODES) terminal.report(`  ${code}`);
  terminal.report(terminal.paint('bold', 'Errors of every generated server'));
  for (const code of serverErrors) terminal.report(`  ${code}`);
  return { exitCode: 0, document: { command: 'explain', diagnostics: DIAGNOSTIC_CODES, serverErrors } };
}

function findDiagnostic(code: string): Explanation | undefined {
  const known = DIAGNOSTIC_CODES.find((each) => each === code);
  if (known === undefined) return undefined;
  const { severity, why, fix, example } = catalogEntry(known);
  return { code, kind: severity, means: why, fix: fixOf(fix), example };
}

/** Where the advice depends on the case, only the diagnostic itself can give it. */
function fixOf(fix: (args: never) => string): string {
  // A function that declares no parameter needs no argument.
  return fix.length === 0 ? (fix as () => string)() : 'The diagnostic says what to write in its place.';
}

function findServerError(code: string): Explanation | undefined {
  const error = Object.hasOwn(SERVER_ERRORS, code) ? SERVER_ERRORS[code] : undefined;
  return (
    error && {
      code,
      kind: `error of a generated server, category ${error.category}`,
      means: error.means,
      fix: error.fix,
    }
  );
}
