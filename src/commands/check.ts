/** `check`: tells what `generate` would have to change, and how to put it right. */
import * as z from 'zod';

import { formatForGithub } from '../diagnostics/format.ts';
import { check, type Finding } from '../index.ts';
import { CannotRun } from './cannot-run.ts';
import { currentPackageManager } from './current-package-manager.ts';
import { diagnosticsJson, printDiagnostics, stoppedBy } from './diagnostics-text.ts';
import { annotateFindings } from './findings-github.ts';
import { describeFindings } from './findings-text.ts';
import type { CommandContext, CommandOutcome, Terminal } from './terminal.ts';

const checkFlags = z.object({
  json: z.boolean().default(false),
  format: z.enum(['text', 'json', 'github']).optional(),
});

export async function runCheck(context: CommandContext, rawFlags: unknown): Promise<CommandOutcome> {
  const { json, format } = checkFlags.parse(rawFlags);
  if (json && format !== undefined && format !== 'json')
    throw new CannotRun(`--json and --format ${format} contradict each other.`);
  const { cwd, manifest, terminal } = context;
  const github = format === 'github';
  const result = await check({ cwd, ...(manifest === undefined ? {} : { manifest }) });
  if (github && result.diagnostics.length > 0) terminal.report(formatForGithub(result.diagnostics));
  if (result.status === 'invalid') throw stoppedBy(result, terminal);

  const { status, findings, diagnostics } = result;
  if (!github) printDiagnostics(result, terminal);
  if (status === 'current') terminal.print('The generated files are what the manifest says.');
  else if (findings.length > 0) terminal.report(github ? annotateFindings(findings) : describeAll(findings, terminal));
  return {
    exitCode: status === 'current' ? 0 : 1,
    document: { command: 'check', status, findings, diagnostics: diagnosticsJson(diagnostics) },
  };
}

function describeAll(findings: readonly Finding[], terminal: Terminal): string {
  const count = findings.length === 1 ? '1 finding' : `${findings.length} findings`;
  const verdict = terminal.paint('red', `${count}: the generated files are not what the manifest says.`);
  return [...describeFindings(findings, { terminal, manager: currentPackageManager() }), verdict].join('\n');
}
