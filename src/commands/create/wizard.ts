/** Asks what the flags of `create` left open. */
import { resolve } from 'node:path';

import { checkbox, confirm, input, select } from '@inquirer/prompts';

import { describeDiagnostic, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import { invokingPackageManager, PACKAGE_MANAGERS } from '../../render/package-manager.ts';
import { CannotRun, Interrupted } from '../cannot-run.ts';
import {
  type Choices,
  type CreateFlags,
  nameFault,
  nameFromDirectory,
  type Start,
  startOf,
  TRANSPORTS,
} from './choices.ts';
import { listExamples } from './examples.ts';
import { readStartingPoint } from './starting-point.ts';
import { entriesInTheWay } from './target-directory.ts';

/** Where questions are asked; absent streams are the process's. */
export interface Dialogue {
  readonly input?: NodeJS.ReadableStream;
  readonly output?: NodeJS.WritableStream;
  readonly signal: AbortSignal;
}

export interface WizardOptions {
  readonly flags: CreateFlags;
  /** What relative paths are relative to. */
  readonly cwd: string;
  readonly userAgent: string | undefined;
  readonly dialogue: Dialogue;
}

/** Throws `Interrupted` on Ctrl-C. */
export async function askChoices(options: WizardOptions): Promise<Choices> {
  try {
    return await ask(options);
  } catch (error) {
    if (error instanceof Error && (error.name === 'ExitPromptError' || error.name === 'AbortPromptError')) {
      throw new Interrupted('Interrupted.', { cause: error });
    }
    throw error;
  }
}

async function ask({ flags, cwd, userAgent, dialogue }: WizardOptions): Promise<Choices> {
  const given = startOf(flags);
  const directory = flags.arguments[0] ?? (await askDirectory(cwd, dialogue));
  const start = given ?? (await askStart(cwd, dialogue));
  const server = (await readStartingPoint(start, cwd)).loaded.manifest?.server;
  const suggestion = 'example' in start ? nameFromDirectory(resolve(cwd, directory)) : undefined;
  const name = flags.name ?? (await askName(suggestion ?? server?.name, dialogue));
  const transports = flags.transport ?? (await askTransports(server?.transports ?? ['stdio'], dialogue));
  return {
    directory,
    start,
    name: name === server?.name ? undefined : name,
    transports: transports.join() === server?.transports.join() ? undefined : transports,
    packageManager: flags.packageManager ?? (await askPackageManager(userAgent, dialogue)),
    install: flags.install && (await confirm({ message: 'Install, and run its tests?', default: true }, dialogue)),
    git:
      flags.git && (await confirm({ message: 'Make a git repository and a first commit?', default: true }, dialogue)),
  };
}

function askDirectory(cwd: string, dialogue: Dialogue): Promise<string> {
  return input(
    {
      message: 'Where should the project go?',
      default: 'my-server',
      validate: async (directory) => {
        try {
          const entries = await entriesInTheWay(resolve(cwd, directory));
          return entries.length === 0 || `Not empty: it holds ${entries.slice(0, 5).join(', ')}.`;
        } catch (error) {
          if (error instanceof CannotRun) return error.message;
          throw error;
        }
      },
    },
    dialogue,
  );
}

async function askStart(cwd: string, dialogue: Dialogue): Promise<Start> {
  const examples = await listExamples();
  const example = await select(
    {
      message: 'Start from',
      choices: [
        ...examples.map(({ name, summary }) => ({ name: `the ${name} example`, value: name, description: summary })),
        { name: 'a manifest of mine', value: undefined, description: 'A file in YAML or JSON, which is copied.' },
      ],
    },
    dialogue,
  );
  return example === undefined ? { manifest: await askManifest(cwd, dialogue) } : { example };
}

function askManifest(cwd: string, dialogue: Dialogue): Promise<string> {
  return input(
    {
      message: 'Which file?',
      required: true,
      validate: async (manifest) => {
        try {
          const { loaded } = await readStartingPoint({ manifest }, cwd);
          return loaded.manifest !== undefined || describeFaults(loaded.diagnostics);
        } catch (error) {
          if (error instanceof CannotRun) return error.message;
          throw error;
        }
      },
    },
    dialogue,
  );
}

function askName(suggestion: string | undefined, dialogue: Dialogue): Promise<string> {
  return input(
    {
      message: "The server's name",
      ...(suggestion === undefined ? {} : { default: suggestion }),
      validate: (name) => nameFault(name) ?? true,
    },
    dialogue,
  );
}

function askTransports(now: readonly string[], dialogue: Dialogue) {
  return checkbox(
    {
      message: 'How do clients connect?',
      required: true,
      choices: TRANSPORTS.map((transport) => ({ value: transport, checked: now.includes(transport) })),
    },
    dialogue,
  );
}

function askPackageManager(userAgent: string | undefined, dialogue: Dialogue) {
  return select(
    { message: 'Package manager', choices: PACKAGE_MANAGERS, default: invokingPackageManager(userAgent) },
    dialogue,
  );
}

function describeFaults(diagnostics: readonly Diagnostic[]): string {
  const [first] = diagnostics;
  const place = first?.span === undefined ? '' : `line ${first.span.line}: `;
  const more = diagnostics.length > 1 ? ` And ${diagnostics.length - 1} more.` : '';
  return first === undefined ? 'Not a manifest.' : `${place}${describeDiagnostic(first)}${more}`;
}
