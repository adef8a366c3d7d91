/** `create`: decides what to make, by questions or by flags, and makes it. */
import process from 'node:process';

import { CannotRun } from './cannot-run.ts';
import { type Choices, createFlags, flagsFor, nameFault } from './create/choices.ts';
import { completeChoices, type DefaultOptions } from './create/default-choices.ts';
import { listExamples } from './create/examples.ts';
import { generatorSpec } from './create/generator-spec.ts';
import { quoteWord } from './create/next-steps.ts';
import type { CommandContext, CommandOutcome } from './terminal.ts';

export async function runCreate(context: CommandContext, rawFlags: unknown): Promise<CommandOutcome> {
  const flags = createFlags.parse(rawFlags);
  if (flags.listExamples) return printExamples(context);
  const fault = flags.name === undefined ? undefined : nameFault(flags.name);
  if (fault !== undefined) throw new CannotRun(`--name: ${fault}.`);

  const options = { flags, cwd: context.cwd, userAgent: process.env['npm_config_user_agent'] };
  const asks = context.terminal.interactive && !flags.yes;
  const choices = asks ? await askAndRepeat(context, options) : await completeChoices(options);
  // The generator is loaded once there is something to generate: questions appear at once.
  const { createProject } = await import('./create/create-project.ts');
  return createProject(context, { choices, generator: generatorSpec(flags.generator, context.cwd) });
}

async function printExamples({ terminal }: CommandContext): Promise<CommandOutcome> {
  const examples = await listExamples();
  const width = Math.max(...examples.map(({ name }) => name.length));
  for (const { name, summary } of examples) {
    terminal.report(`${terminal.paint('bold', name.padEnd(width))}  ${summary}`);
  }
  return { exitCode: 0, document: { command: 'create', examples } };
}

/** After the questions, says how to do the same without them. */
async function askAndRepeat({ terminal, interrupted }: CommandContext, options: DefaultOptions): Promise<Choices> {
  const { askChoices } = await import('./create/wizard.ts');
  const choices = await askChoices({ ...options, dialogue: { signal: interrupted } });
  const words = ['hardened-mcp', 'create', ...flagsFor(choices)].map(quoteWord);
  terminal.print(terminal.paint('dim', `The same without questions:\n  ${words.join(' ')}`));
  return choices;
}
