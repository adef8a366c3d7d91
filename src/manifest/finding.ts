/** What a rule finds: a diagnostic that is not yet placed in the text. */
import type { DiagnosticArguments, DiagnosticCode } from '../diagnostics/catalog.ts';
import { createDiagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { locate, type Part } from './locate.ts';
import type { ManifestSource } from './source.ts';

export interface Finding<Code extends DiagnosticCode = DiagnosticCode> {
  readonly code: Code;
  readonly args: DiagnosticArguments<Code>;
  /** JSON Pointer into the manifest. */
  readonly pointer: string;
  /** Which part of the member is meant; absent: the value where it is on one line, else its key. */
  readonly part?: Part;
}

export function finding<Code extends DiagnosticCode>(
  code: Code,
  pointer: string,
  args: DiagnosticArguments<Code>,
  part?: Part,
): Finding<Code> {
  return { code, pointer, args, ...(part === undefined ? {} : { part }) };
}

/** Findings as diagnostics with their places, in the order of the text. */
export function placeFindings(findings: readonly Finding[], source: ManifestSource): Diagnostic[] {
  const diagnostics = findings.map(({ code, args, pointer, part }) =>
    createDiagnostic(code, args, { pointer, span: locate(source, pointer, part) }),
  );
  return sortByPlace(diagnostics);
}

/** Gives diagnostics of later stages, which know only a pointer, their places in the text. */
export function placeDiagnostics(diagnostics: readonly Diagnostic[], source: ManifestSource): Diagnostic[] {
  return sortByPlace(
    diagnostics.map((diagnostic) =>
      diagnostic.pointer === undefined ? diagnostic : { ...diagnostic, span: locate(source, diagnostic.pointer) },
    ),
  );
}

function sortByPlace(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.toSorted(
    (a, b) => (a.span?.line ?? 0) - (b.span?.line ?? 0) || (a.span?.column ?? 0) - (b.span?.column ?? 0),
  );
}
