/** Reads a manifest: from a file to a typed value, or to diagnostics that say what is wrong and where. */
import { access, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { createDiagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { placeFindings, type Finding } from './finding.ts';
import { findHiddenText } from './hidden-text.ts';
import { findForeignValues } from './json-values.ts';
import { checkRules } from './rules.ts';
import type { Manifest } from './schema.ts';
import { checkShape } from './shape.ts';
import { parseSource, type ManifestSource } from './source.ts';

export interface LoadResult {
  /** Absent where any diagnostic is an error. */
  readonly manifest: Manifest | undefined;
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
  readonly source: ManifestSource;
}

/** The names that are looked for where none is given. */
export const MANIFEST_NAMES = ['hardened-mcp.yaml', 'hardened-mcp.yml', 'hardened-mcp.json'] as const;

/** The name of the manifest in a directory, relative to it; `undefined` where there is none. */
export async function findManifest(cwd: string): Promise<string | undefined> {
  for (const name of MANIFEST_NAMES) {
    const exists = await access(resolve(cwd, name)).then(
      () => true,
      () => false,
    );
    if (exists) return name;
  }
  return undefined;
}

/** Loads the file that the user named, relative to `cwd`. Never throws for what the file holds. */
export async function loadManifest(options: { readonly file: string; readonly cwd: string }): Promise<LoadResult> {
  try {
    const bytes = await readFile(resolve(options.cwd, options.file));
    return parseManifest(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), options.file);
  } catch (error) {
    const reason = describeReadError(error);
    if (reason === undefined) throw error;
    const diagnostic = createDiagnostic('manifest-unreadable', { file: options.file, reason });
    return { manifest: undefined, diagnostics: [diagnostic], source: parseSource('', options.file).source };
  }
}

/** The same for a text; `file` is what diagnostics call it, and says whether it is JSON. */
export function parseManifest(text: string, file: string): LoadResult {
  const { source, value, diagnostics } = parseSource(text, file);
  if (diagnostics.length > 0) return { manifest: undefined, diagnostics, source };
  const { manifest, findings } = checkValue(value);
  const placed = placeFindings(findings, source);
  return {
    manifest: placed.some(({ severity }) => severity === 'error') ? undefined : manifest,
    diagnostics: placed,
    source,
  };
}

interface CheckedValue {
  readonly manifest: Manifest | undefined;
  readonly findings: readonly Finding[];
}

function checkValue(value: unknown): CheckedValue {
  const foreign = findForeignValues(value);
  if (foreign.length > 0) return { manifest: undefined, findings: foreign };
  const hidden = findHiddenText(value);
  const { manifest, findings } = checkShape(value);
  return { manifest, findings: [...hidden, ...findings, ...(manifest === undefined ? [] : checkRules(manifest))] };
}

const READ_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'access is denied',
  EPERM: 'access is denied',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'it is no UTF-8 text',
};

function describeReadError(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return READ_ERRORS[code];
}
