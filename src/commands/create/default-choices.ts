/** Completes the flags of `create` without a question. */
import { resolve } from 'node:path';

import { invokingPackageManager } from '../../render/package-manager.ts';
import { type Choices, type CreateFlags, nameFromDirectory, startOf } from './choices.ts';
import { readStartingPoint } from './starting-point.ts';

export interface DefaultOptions {
  readonly flags: CreateFlags;
  readonly cwd: string;
  readonly userAgent: string | undefined;
}

/** An example is renamed after its directory; a manifest of the user's own keeps its name. */
export async function completeChoices({ flags, cwd, userAgent }: DefaultOptions): Promise<Choices> {
  const start = startOf(flags) ?? { example: 'minimal' };
  const [given = flags.name] = flags.arguments;
  const directory = given ?? (await readStartingPoint(start, cwd)).loaded.manifest?.server.name ?? 'my-server';
  return {
    directory,
    start,
    name: flags.name ?? ('example' in start ? nameFromDirectory(resolve(cwd, directory)) : undefined),
    transports: flags.transport,
    packageManager: flags.packageManager ?? invokingPackageManager(userAgent),
    install: flags.install,
    git: flags.git,
  };
}
