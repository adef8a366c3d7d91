/** A manifest's text, parsed as YAML or JSON: its value, and a syntax tree that knows where everything is. */
import { LineCounter, parseDocument, visit, type Document, type YAMLError } from 'yaml';

import { createDiagnostic, type Diagnostic, type Span } from '../diagnostics/diagnostic.ts';
import { findJsonFault, type JsonFault } from './json-syntax.ts';

/** Deeper than any schema that was ever seen, and shallow enough for every program that reads it. */
export const MAX_DEPTH = 100;
/** How often aliases may stand for something; anchors inside anchors multiply. */
const MAX_ALIASES = 10_000;
const MAX_SYNTAX_ERRORS = 5;

export interface ManifestSource {
  /** As the user named it, relative to the working directory. */
  readonly file: string;
  readonly text: string;
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
}

export interface ParsedSource {
  readonly source: ManifestSource;
  /** What the text says; meaningless where there are diagnostics. */
  readonly value: unknown;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a text as JSON where the file's name says so, else as YAML 1.2. */
export function parseSource(text: string, file: string): ParsedSource {
  const withoutMark = text.replace(/^\ufeff/, '');
  const lines = new LineCounter();
  const document = parseDocument(withoutMark, {
    lineCounter: lines,
    prettyErrors: false,
    resolveKnownTags: false,
    stringKeys: true,
    uniqueKeys: true,
    version: '1.2',
    logLevel: 'error',
  });
  const source: ManifestSource = { file, text: withoutMark, document, lines };
  if (withoutMark.trim() === '') {
    return {
      source,
      value: undefined,
      diagnostics: [createDiagnostic('manifest-empty', {}, { span: spanOf(source, 0, 0) })],
    };
  }
  return file.endsWith('.json') ? readJson(source) : readYaml(source);
}

/** The span between two offsets. */
export function spanOf(source: Pick<ManifestSource, 'file' | 'lines'>, start: number, end: number): Span {
  const from = source.lines.linePos(start);
  const to = source.lines.linePos(Math.max(start, end));
  // An empty text has no lines at all, and is still a place.
  const [line, column] = [Math.max(from.line, 1), Math.max(from.col, 1)];
  return { file: source.file, line, column, endLine: Math.max(to.line, line), endColumn: Math.max(to.col, 1) };
}

function readJson(source: ManifestSource): ParsedSource {
  const { value, fault } = parseJson(source.text);
  if (fault !== undefined) {
    const span = spanOf(source, fault.offset, Math.min(fault.offset + 1, source.text.length));
    const diagnostic = createDiagnostic('manifest-syntax', { language: 'JSON', problem: fault.problem }, { span });
    return { source, value: undefined, diagnostics: [diagnostic] };
  }
  // The text is JSON, so anything else that the YAML parser dislikes about it is not a fault.
  const known = source.document.errors.filter(({ code }) => code === 'DUPLICATE_KEY' || code === 'RESOURCE_EXHAUSTION');
  return { source, value, diagnostics: describeErrors(source, known) };
}

function parseJson(text: string): { readonly value: unknown; readonly fault?: JsonFault } {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { value: undefined, fault: findJsonFault(text) ?? { offset: 0, problem: 'it cannot be read.' } };
  }
}

function readYaml(source: ManifestSource): ParsedSource {
  const { document } = source;
  const unknownTags = document.warnings.filter(({ code }) => code === 'TAG_RESOLVE_FAILED');
  const diagnostics = [
    ...describeErrors(source, [...document.errors, ...unknownTags]),
    ...findForeignVersion(source),
    ...findUnresolvedAliases(source),
  ];
  if (diagnostics.length > 0) return { source, value: undefined, diagnostics };
  const start = spanOf(source, 0, 0);
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    const isEmpty = value === null;
    return { source, value, diagnostics: isEmpty ? [createDiagnostic('manifest-empty', {}, { span: start })] : [] };
  } catch (error) {
    // The library's answer to aliases that multiply.
    if (!(error instanceof ReferenceError)) throw error;
    const problem = `they stand for more than ${MAX_ALIASES} values.`;
    return { source, value: undefined, diagnostics: [createDiagnostic('yaml-alias', { problem }, { span: start })] };
  }
}

function findForeignVersion(source: ManifestSource): Diagnostic[] {
  const { explicit, version } = source.document.directives.yaml;
  if (explicit !== true || version === '1.2') return [];
  const args = { language: 'YAML', problem: `version ${version} is another language.` } as const;
  return [createDiagnostic('manifest-syntax', args, { span: spanOf(source, 0, 0) })];
}

function findUnresolvedAliases(source: ManifestSource): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const anchors = new Set<string>();
  visit(source.document, {
    Value: (_, { anchor }) => {
      if (anchor !== undefined) anchors.add(anchor);
    },
    Alias: (_, alias) => {
      if (anchors.has(alias.source)) return;
      const [start, end] = alias.range ?? [0, 0];
      const problem = `nothing before this is named &${alias.source}.`;
      diagnostics.push(createDiagnostic('yaml-alias', { problem }, { span: spanOf(source, start, end) }));
    },
  });
  return diagnostics;
}

/** The first errors: one fault in the syntax makes a parser stumble over much that follows. */
function describeErrors(source: ManifestSource, errors: readonly YAMLError[]): Diagnostic[] {
  const exhaustion = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  const told = exhaustion === undefined ? errors.slice(0, MAX_SYNTAX_ERRORS) : [exhaustion];
  return told.map((error) => describeError(source, error));
}

function describeError(source: ManifestSource, error: YAMLError): Diagnostic {
  const [start, end] = error.pos;
  const written = source.text.slice(start, end).split(/\r?\n/, 1)[0] ?? '';
  const place = { span: spanOf(source, start, start + written.length) };
  switch (error.code) {
    case 'DUPLICATE_KEY':
      return describeDuplicateKey(source, start);
    case 'TAG_RESOLVE_FAILED':
      return createDiagnostic('yaml-tag', { tag: written }, place);
    case 'RESOURCE_EXHAUSTION':
      return createDiagnostic('nested-too-deep', { limit: MAX_DEPTH }, place);
    default:
      return createDiagnostic('manifest-syntax', { language: 'YAML', problem: `${error.message}.` }, place);
  }
}

function describeDuplicateKey(source: ManifestSource, start: number): Diagnostic {
  let key = '';
  let end = start;
  visit(source.document, {
    Scalar: (_, scalar) => {
      if (scalar.range?.[0] !== start) return undefined;
      key = String(scalar.value);
      end = scalar.range[1];
      return visit.BREAK;
    },
  });
  return createDiagnostic('duplicate-key', { key }, { span: spanOf(source, start, end) });
}
