/** What there is to decide about a new project: as far as flags went, and complete. */
import { basename } from 'node:path';

import * as z from 'zod';

import { manifestSchema } from '../../manifest/schema.ts';
import { PACKAGE_MANAGERS, type PackageManager } from '../../render/package-manager.ts';
import { CannotRun } from '../cannot-run.ts';

export const TRANSPORTS = ['stdio', 'http'] as const;
export type Transport = (typeof TRANSPORTS)[number];

/** The flags of `create`, as commander read them. */
export const createFlags = z.object({
  arguments: z.array(z.string()),
  name: z.string().optional(),
  example: z.string().optional(),
  manifest: z.string().optional(),
  listExamples: z.boolean().default(false),
  transport: z.array(z.enum(TRANSPORTS)).optional(),
  packageManager: z.enum(PACKAGE_MANAGERS).optional(),
  generator: z.string().optional(),
  install: z.boolean(),
  git: z.boolean(),
  yes: z.boolean().default(false),
});
export type CreateFlags = z.output<typeof createFlags>;

/** Where the manifest comes from. */
export type Start = { readonly example: string } | { readonly manifest: string };

export interface Choices {
  /** As the user named it. */
  readonly directory: string;
  /** The server's name; absent: as the manifest has it. */
  readonly name: string | undefined;
  readonly start: Start;
  /** Absent: as the manifest has them. */
  readonly transports: readonly Transport[] | undefined;
  readonly packageManager: PackageManager;
  readonly install: boolean;
  readonly git: boolean;
}

const serverName = manifestSchema.shape.server.shape.name;

/** What is wrong with a server's name; absent where it is right. */
export function nameFault(name: string): string | undefined {
  const [issue] = serverName.safeParse(name).error?.issues ?? [];
  return issue?.message;
}

/** A directory's name as a server's name: `My Server` → `my-server`. Absent where nothing usable is left. */
export function nameFromDirectory(directory: string): string | undefined {
  const name = basename(directory)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 63);
  return nameFault(name) === undefined ? name : undefined;
}

/** The start that flags name; absent where they name none. */
export function startOf({ example, manifest }: Pick<CreateFlags, 'example' | 'manifest'>): Start | undefined {
  if (example !== undefined && manifest !== undefined) {
    throw new CannotRun('--example and --manifest are two ways to start: give one of them.');
  }
  if (manifest !== undefined) return { manifest };
  return example === undefined ? undefined : { example };
}

/** The flags that choose the same without a question, as words of a command line. */
export function flagsFor(choices: Choices): readonly string[] {
  return [
    choices.directory,
    ...(choices.name === undefined ? [] : ['--name', choices.name]),
    ...('example' in choices.start ? ['--example', choices.start.example] : ['--manifest', choices.start.manifest]),
    ...(choices.transports === undefined ? [] : ['--transport', ...choices.transports]),
    '--package-manager',
    choices.packageManager,
    ...(choices.install ? [] : ['--no-install']),
    ...(choices.git ? [] : ['--no-git']),
    '--yes',
  ];
}
