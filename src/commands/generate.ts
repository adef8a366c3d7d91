/** `generate`: brings the generated files in line with the manifest, once or at each change of it. */
import * as z from 'zod';

import { generate, type GenerateResult } from '../index.ts';
import { generatorCommand } from '../render/package-manager.ts';
import { CannotRun, Interrupted } from './cannot-run.ts';
import { changesAnything, describeChanges, describeNotes, summarizeChanges } from './changes-text.ts';
import { currentPackageManager } from './current-package-manager.ts';
import { describeDiagnostics, diagnosticsJson, stoppedBy, printDiagnostics } from './diagnostics-text.ts';
import { paintDiff } from './diff-text.ts';
import type { CommandContext, CommandOutcome, Terminal } from './terminal.ts';
import { watchManifest } from './watch-manifest.ts';

const generateFlags = z.object({
  json: z.boolean().default(false),
  dryRun: z.boolean().default(false),
  force: z.boolean().default(false),
  watch: z.boolean().default(false),
});
type GenerateFlags = z.output<typeof generateFlags>;
type Planned = Exclude<GenerateResult, { readonly status: 'invalid' }>;

export async function runGenerate(context: CommandContext, rawFlags: unknown): Promise<CommandOutcome> {
  const flags = generateFlags.parse(rawFlags);
  if (flags.watch && flags.json)
    throw new CannotRun('--watch goes on for ever and --json is one document: give one of them.');
  return flags.watch ? generateAtEachChange(context, flags) : generateOnce(context, flags);
}

async function generateOnce(context: CommandContext, flags: GenerateFlags): Promise<CommandOutcome> {
  const { terminal } = context;
  const result = await generateFrom(context, flags);
  if (result.status === 'invalid') throw stoppedBy(result, terminal);
  if (result.status === 'refused') throw refusal(result, terminal);
  printDiagnostics(result, terminal);
  const lines = [
    ...describeChanges(result.changes, terminal),
    summarizeChanges(result.changes, flags),
    ...describeNotes(result.notes, terminal),
  ];
  for (const line of lines) terminal.print(line);
  return { exitCode: 0, document: { command: 'generate', ...documentOf(result) } };
}

/** Prints only what changed; an invalid manifest or a refusal is shown and waited out. */
async function generateAtEachChange(context: CommandContext, flags: GenerateFlags): Promise<never> {
  const { terminal } = context;
  for await (const _ of watchManifest(context)) {
    const result = await generateFrom(context, flags);
    if (result.status === 'invalid') terminal.complain(stoppedBy(result, terminal).message);
    else if (result.status === 'refused') terminal.complain(refusal(result, terminal).message);
    else printWhatChanged(result, terminal);
    terminal.print(terminal.paint('dim', 'Waiting for the manifest to change; Ctrl-C ends.'));
  }
  throw new Interrupted('Interrupted.');
}

function printWhatChanged(result: Planned, terminal: Terminal): void {
  printDiagnostics(result, terminal);
  const lines = changesAnything(result.changes) ? describeChanges(result.changes, terminal) : ['Nothing to change.'];
  for (const line of lines) terminal.print(line);
}

function generateFrom({ cwd, manifest }: CommandContext, { force, dryRun }: GenerateFlags): Promise<GenerateResult> {
  return generate({ cwd, force, dryRun, ...(manifest === undefined ? {} : { manifest }) });
}

function refusal(result: Planned, terminal: Terminal): CannotRun {
  const overwritable = result.changes.filter(({ kind }) => kind === 'edited' || kind === 'in-the-way');
  const diffs = overwritable.flatMap(({ diff }) => (diff === undefined ? [] : [paintDiff(diff, terminal)]));
  const files = overwritable.length === 1 ? 'this file' : `these ${overwritable.length} files`;
  const forced = generatorCommand(currentPackageManager(), 'generate', '--force');
  const advice = overwritable.length === 0 ? '' : ` To overwrite ${files}: ${forced.join(' ')}`;
  const message = [describeDiagnostics(result, terminal), ...diffs, `Nothing was written.${advice}`].join('\n\n');
  return new CannotRun(message, { command: 'generate', ...documentOf(result) });
}

function documentOf(result: Planned): Readonly<Record<string, unknown>> {
  const { status, changes, notes, diagnostics } = result;
  return { status, changes, notes, diagnostics: diagnosticsJson(diagnostics) };
}
