import { catalogEntry, type DiagnosticArguments, type DiagnosticCode } from './catalog.ts';
/** A diagnostic is data: its wording is in `catalog.ts`, its layout in `format.ts`. */
import { spellHidden } from './catalog/words.ts';

/** Where in a file, 1-based, columns in UTF-16 code units; `end` is exclusive. */
export interface Span {
  /** As the user named it, relative to the working directory. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface Diagnostic<Code extends DiagnosticCode = DiagnosticCode> {
  readonly code: Code;
  readonly args: DiagnosticArguments<Code>;
  readonly severity: 'error' | 'warning';
  readonly span?: Span;
  /** JSON Pointer into the manifest. */
  readonly pointer?: string;
}

/** A diagnostic with the severity that the catalogue gives its code. */
export function createDiagnostic<Code extends DiagnosticCode>(
  code: Code,
  args: DiagnosticArguments<Code>,
  place: { readonly span?: Span; readonly pointer?: string } = {},
): Diagnostic<Code> {
  return { code, args, severity: catalogEntry(code).severity, ...place };
}

/** What is wrong, as one sentence that is safe to print. */
export function describeDiagnostic<Code extends DiagnosticCode>(diagnostic: Diagnostic<Code>): string {
  return spellHidden(catalogEntry(diagnostic.code).message(diagnostic.args));
}

/** What to do about it, safe to print. */
export function describeFix<Code extends DiagnosticCode>(diagnostic: Diagnostic<Code>): string {
  return spellHidden(catalogEntry(diagnostic.code).fix(diagnostic.args));
}

/** Whether anything in the list stops the work. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}
