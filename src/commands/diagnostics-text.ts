/** Diagnostics as a command shows them, and as it puts them into its JSON document. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { formatDiagnostics, toJson } from '../diagnostics/format.ts';
import { CannotRun } from './cannot-run.ts';
import type { Terminal } from './terminal.ts';

/** Diagnostics and the text that they point into; results of the programmatic API have this shape. */
export interface Diagnosed {
  readonly diagnostics: readonly Diagnostic[];
  readonly source?: { readonly file: string; readonly text: string };
}

export function describeDiagnostics({ diagnostics, source }: Diagnosed, terminal: Terminal): string {
  return formatDiagnostics(diagnostics, { color: terminal.colour, sources: source === undefined ? [] : [source] });
}

/** Says what was diagnosed; nothing where nothing was. */
export function printDiagnostics(diagnosed: Diagnosed, terminal: Terminal): void {
  if (diagnosed.diagnostics.length > 0) terminal.complain(`${describeDiagnostics(diagnosed, terminal)}\n`);
}

export function diagnosticsJson(diagnostics: readonly Diagnostic[]) {
  return diagnostics.map(toJson);
}

/** The end of a command that diagnostics stop. */
export function stoppedBy(diagnosed: Diagnosed, terminal: Terminal): CannotRun {
  return new CannotRun(describeDiagnostics(diagnosed, terminal), {
    diagnostics: diagnosticsJson(diagnosed.diagnostics),
  });
}
