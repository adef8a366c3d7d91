/** How diagnostics are shown: as text for people, as JSON, and as annotations on GitHub. */
import { styleText } from 'node:util';

import { catalogEntry } from './catalog.ts';
import { drawCodeFrame } from './code-frame.ts';
import { describeDiagnostic, describeFix, type Diagnostic } from './diagnostic.ts';
import { annotation } from './github.ts';

export interface TextOptions {
  /** The texts that diagnostics point into; for code frames. */
  readonly sources?: readonly { readonly file: string; readonly text: string }[];
  readonly color?: boolean;
}

/** A diagnostic as JSON: its data, and its wording for programs that only pass it on. */
export interface JsonDiagnostic {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly why: string;
  readonly fix: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  readonly pointer?: string;
  readonly args: unknown;
}

/**
 * Diagnostics for people, with an empty line between two of them:
 *
 *     error[unknown-key] There is no key "mutabilty" here. Did you mean "mutability"?
 *       at hardened-mcp.yaml:12:5
 *     11 |   - name: get_invoice
 *     12 |     mutabilty: read-only
 *        |     ^^^^^^^^^
 *     13 |     scopes: [invoices:read]
 *       why: A misspelt guard would silently guard nothing.
 *       fix: Remove it, or use one of …
 */
export function formatDiagnostics(diagnostics: readonly Diagnostic[], options: TextOptions = {}): string {
  return diagnostics.map((diagnostic) => formatOne(diagnostic, options)).join('\n\n');
}

function formatOne(diagnostic: Diagnostic, { sources = [], color = false }: TextOptions): string {
  const { code, severity, span } = diagnostic;
  const paint = (style: Parameters<typeof styleText>[0], text: string): string =>
    color ? styleText(style, text, { validateStream: false }) : text;
  const tone = severity === 'error' ? 'red' : 'yellow';
  const source = span && sources.find(({ file }) => file === span.file);
  const { why, fix } = toJson(diagnostic);
  return [
    `${paint([tone, 'bold'], `${severity}[${code}]`)} ${paint('bold', describeDiagnostic(diagnostic))}`,
    ...(span === undefined ? [] : [`  at ${paint('cyan', `${span.file}:${span.line}:${span.column}`)}`]),
    ...(span === undefined || source === undefined
      ? []
      : [drawCodeFrame(source.text, span, (carets) => paint(tone, carets))]),
    `  ${paint('dim', 'why:')} ${why}`,
    `  ${paint('dim', 'fix:')} ${fix}`,
  ].join('\n');
}

/** One diagnostic as JSON. */
export function toJson(diagnostic: Diagnostic): JsonDiagnostic {
  const { code, severity, args, span, pointer } = diagnostic;
  return {
    code,
    severity,
    message: describeDiagnostic(diagnostic),
    why: catalogEntry(code).why,
    fix: describeFix(diagnostic),
    ...span,
    ...(pointer === undefined ? {} : { pointer }),
    args,
  };
}

/** Workflow commands that GitHub shows beside the line; one per diagnostic. */
export function formatForGithub(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map(toGithubCommand).join('\n');
}

function toGithubCommand(diagnostic: Diagnostic): string {
  const { code, severity, span } = diagnostic;
  const { message, fix } = toJson(diagnostic);
  const place = span && {
    file: span.file,
    line: span.line,
    endLine: span.endLine,
    col: span.column,
    // GitHub counts the last column, not the one after it, and wants it only within one line.
    ...(span.endLine === span.line ? { endColumn: Math.max(span.column, span.endColumn - 1) } : {}),
  };
  return annotation(severity, { ...place, title: code }, `${message}\n${fix}`);
}
