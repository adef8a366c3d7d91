/** A diagnostic is data: its wording is in `catalog.ts`, its layout in `format.ts`. */
import type { DiagnosticArguments, DiagnosticCode } from './catalog.ts';

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
