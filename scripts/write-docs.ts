/** Writes docs/manifest.md and docs/diagnostics.md. */
import { readFile, writeFile } from 'node:fs/promises';

import { format, type FormatConfig } from 'oxfmt';

import { CATALOG, DIAGNOSTIC_CODES, type DiagnosticCode } from '../src/diagnostics/catalog.ts';
import { drawCodeFrame } from '../src/diagnostics/code-frame.ts';
import { toJson } from '../src/diagnostics/format.ts';
import { findManifest, loadManifest } from '../src/manifest/load.ts';
import { type Fault, renderDiagnosticsPage } from './docs/diagnostics-page.ts';
import { renderManifestPage } from './docs/manifest-page.ts';
import { exportSchema } from './export-schema.ts';

const root = new URL('../', import.meta.url);

/** Both pages, by their path in this repository. */
export async function renderDocs(): Promise<ReadonlyMap<string, string>> {
  const example = await readFile(new URL('docs/complete-manifest.yaml', root), 'utf8');
  return new Map([
    ['docs/manifest.md', await formatPage(renderManifestPage(exportSchema(), example))],
    ['docs/diagnostics.md', await formatPage(renderDiagnosticsPage(await readFaults()))],
  ]);
}

async function formatPage(markdown: string): Promise<string> {
  const options = JSON.parse(await readFile(new URL('.oxfmtrc.json', root), 'utf8')) as FormatConfig;
  const { code, errors } = await format('page.md', markdown, options);
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  return code;
}

/** What is found in fixtures/invalid, for the codes whose fault can be shown in three lines. */
async function readFaults(): Promise<ReadonlyMap<DiagnosticCode, Fault>> {
  const invisible = new Set<DiagnosticCode>(['manifest-unreadable', 'manifest-empty', 'nested-too-deep']);
  const shown = DIAGNOSTIC_CODES.filter((code) => CATALOG[code].stage === 'manifest' && !invisible.has(code));
  return new Map(await Promise.all(shown.map(async (code) => [code, await readFault(code)] as const)));
}

async function readFault(code: DiagnosticCode): Promise<Fault> {
  const cwd = new URL(`fixtures/invalid/${code}/`, root).pathname;
  const { diagnostics, source } = await loadManifest({ file: (await findManifest(cwd)) ?? '', cwd });
  const [diagnostic] = diagnostics;
  if (diagnostic?.span === undefined) throw new Error(`fixtures/invalid/${code} has no fault`);
  const { message, fix } = toJson(diagnostic);
  return { frame: drawCodeFrame(source.text, diagnostic.span, (carets) => carets), message, fix };
}

if (import.meta.main) {
  for (const [path, text] of await renderDocs()) await writeFile(new URL(path, root), text);
}
