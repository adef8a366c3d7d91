/** Makes what was chosen: a project that is written, installed, tested and committed; or nothing at all. */
import { resolve } from 'node:path';

import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { create, type GenerateResult } from '../../index.ts';
import { type Diagnosed, diagnosticsJson, stoppedBy, printDiagnostics } from '../diagnostics-text.ts';
import { ownPackage } from '../own-package.ts';
import type { CommandContext, CommandOutcome } from '../terminal.ts';
import { type Choices, flagsFor } from './choices.ts';
import { type CommitOutcome, describeCommit, makeFirstCommit } from './first-commit.ts';
import { installProject, requireProgram, verifyProject } from './install.ts';
import { nextSteps } from './next-steps.ts';
import type { CommandFailed } from './run-command.ts';
import { editServer } from './server-edits.ts';
import { readStartingPoint, type StartingPoint } from './starting-point.ts';
import { claimTarget, restoreTarget } from './target-directory.ts';

export interface CreateProjectOptions {
  readonly choices: Choices;
  /** The npm spec under which package.json names the generator. */
  readonly generator: string;
}

interface Plan extends CreateProjectOptions {
  /** Absolute. */
  readonly directory: string;
  readonly start: StartingPoint;
}

/** What was made. `failure` is the project's own types or tests, not the making of it. */
interface Made {
  readonly written: Extract<GenerateResult, { readonly changes: unknown }>;
  readonly failure: CommandFailed | undefined;
  readonly commit: CommitOutcome | undefined;
}

/** Throws `CannotRun` and `Interrupted` with the disk as it was before. */
export async function createProject(context: CommandContext, options: CreateProjectOptions): Promise<CommandOutcome> {
  const { choices } = options;
  const start = await readStartingPoint(choices.start, context.cwd);
  if (start.loaded.manifest === undefined) throw stoppedBy(start.loaded, context.terminal);
  const directory = resolve(context.cwd, choices.directory);
  const target = await claimTarget({ path: directory, named: choices.directory }, context.terminal);
  if (choices.install) await requireProgram(choices.packageManager, context);
  const plan = { ...options, directory, start };
  try {
    return tell(context, plan, await make(context, plan));
  } catch (error) {
    await restoreTarget(target);
    throw error;
  }
}

async function make(context: CommandContext, plan: Plan): Promise<Made> {
  const { terminal, interrupted } = context;
  const { packageManager: manager, install, git } = plan.choices;
  const inProject = { cwd: plan.directory, interrupted, terminal };
  const written = await terminal.step('Write the project', () => write(context, plan));
  if (install) await installProject(manager, inProject);
  const failure = install ? await verifyProject(manager, inProject) : undefined;
  const { name, version } = ownPackage();
  const commits = git && failure === undefined;
  const commit = commits ? await makeFirstCommit(`Start from ${name} ${version}`, inProject) : undefined;
  return { written, failure, commit };
}

async function write(
  { terminal }: CommandContext,
  { choices, generator, directory, start }: Plan,
): Promise<Made['written']> {
  const { packageManager } = choices;
  const manifest = { file: start.file, text: editServer(start.loaded.source.text, choices) };
  const result = await create({ cwd: directory, manifest, userFiles: start.userFiles, generator, packageManager });
  if (result.status === 'invalid') throw stoppedBy(renameSource(result, start.loaded.source.file), terminal);
  // Somebody else wrote into the directory meanwhile.
  if (result.status === 'refused') throw stoppedBy(result, terminal);
  return result;
}

/** Diagnostics point into the copy; the user has only the original. */
function renameSource({ diagnostics, source }: Required<Diagnosed>, file: string): Diagnosed {
  const rename = (diagnostic: Diagnostic) =>
    diagnostic.span?.file === source.file ? { ...diagnostic, span: { ...diagnostic.span, file } } : diagnostic;
  return { diagnostics: diagnostics.map(rename), source: { ...source, file } };
}

function tell({ terminal, cwd }: CommandContext, plan: Plan, { written, failure, commit }: Made): CommandOutcome {
  const { choices, directory, start } = plan;
  const { newHandlers } = written.notes;
  const steps = nextSteps({ choices, cwd, directory, manifestFile: start.file, newHandlers });
  printDiagnostics(written, terminal);
  const commitNote = describeCommit(commit);
  if (commitNote !== undefined) terminal.complain(commitNote);
  if (failure === undefined) {
    terminal.print(`\n${terminal.paint('bold', `${choices.directory} is ready.`)} Next:`);
    for (const [index, step] of steps.entries()) terminal.print(`  ${index + 1}. ${step}`);
  } else {
    terminal.complain(`${failure.output}\n\n${failure.message} The project is written, but not right yet: see above.`);
  }
  return {
    exitCode: failure === undefined ? 0 : 1,
    document: {
      command: 'create',
      directory,
      manifest: start.file,
      flags: flagsFor(choices),
      files: written.changes.map(({ path, owner }) => ({ path, owner })),
      newHandlers,
      installed: choices.install,
      verified: choices.install && failure === undefined,
      ...(failure === undefined ? {} : { failure: { command: failure.line, output: failure.output } }),
      ...(commit === undefined ? {} : { commit: commit.status }),
      diagnostics: diagnosticsJson(written.diagnostics),
      next: steps,
    },
  };
}
