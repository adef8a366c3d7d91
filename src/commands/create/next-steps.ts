/** The three things to do with a new project. */
import { relative } from 'node:path';

import { generatorCommand, installCommand, scriptCommand } from '../../render/package-manager.ts';
import type { Choices } from './choices.ts';

export interface NextStepsOptions {
  readonly choices: Choices;
  /** Absolute. */
  readonly cwd: string;
  readonly directory: string;
  readonly manifestFile: string;
  /** Handler stubs that wait for their author, by path. */
  readonly newHandlers: readonly string[];
}

/** One entry per step; commands stand in back quotes. */
export function nextSteps({ choices, cwd, directory, manifestFile, newHandlers }: NextStepsOptions): readonly string[] {
  const manager = choices.packageManager;
  const goThere = [
    ...(relative(cwd, directory) === '' ? [] : [`cd ${quoteWord(choices.directory)}`]),
    ...(choices.install ? [] : [installCommand(manager).join(' ')]),
  ];
  const regenerate = generatorCommand(manager, 'generate').join(' ');
  return [
    goThere.length === 0 ? 'You are there already.' : `\`${goThere.join(' && ')}\``,
    newHandlers.length === 0
      ? `Edit ${manifestFile}, then \`${regenerate}\``
      : `Write what your tools do in ${newHandlers.join(', ')}; after editing ${manifestFile}, \`${regenerate}\``,
    `Start it: \`${[scriptCommand(manager, 'build'), scriptCommand(manager, 'start')].map((line) => line.join(' ')).join(' && ')}\`; README.md says how clients connect`,
  ];
}

/** A word of a shell line, quoted where it has to be. */
export function quoteWord(word: string): string {
  return /^[\w./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
