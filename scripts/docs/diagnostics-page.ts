/** docs/diagnostics.md, made from the catalogue. */
import { CATALOG, DIAGNOSTIC_CODES, type DiagnosticCode } from '../../src/diagnostics/catalog.ts';

/** What is said about a manifest that has the fault, and the lines around it. */
export interface Fault {
  readonly frame: string;
  readonly message: string;
  readonly fix: string;
}

const INTRODUCTION = `# Diagnostics

<!-- Written by \`npm run docs\` from src/diagnostics/catalog.ts. Do not edit. -->

Every diagnostic has a code that stays, a place in the file, a reason and a fix. \`hardened-mcp explain <code>\` prints
what stands here. Codes of the manifest are found while it is loaded; codes of the project later, when files are there.
`;

/** The page as Markdown: a section per code, in the catalogue's order. */
export function renderDiagnosticsPage(faults: ReadonlyMap<DiagnosticCode, Fault>): string {
  const sections = DIAGNOSTIC_CODES.map((code) => renderSection(code, faults.get(code)));
  return `${INTRODUCTION}\n${sections.join('\n')}`;
}

function renderSection(code: DiagnosticCode, fault: Fault | undefined): string {
  const { severity, stage, why, example } = CATALOG[code];
  const kind = `${severity === 'error' ? 'Error' : 'Warning'} in the ${stage}.`;
  const shown = fault === undefined ? '' : `\`\`\`text\n${fault.message}\n${fault.frame}\n\`\`\`\n\n${fault.fix}\n\n`;
  const language = /^(hardened-mcp|create-hardened-mcp|npm|git|src) ?/.test(example) ? 'sh' : 'yaml';
  return `## ${code}\n\n${kind} ${why}\n\n${shown}Right:\n\n\`\`\`${language}\n${example}\n\`\`\`\n`;
}
