/** Under which npm spec a new project names this generator. */
import { resolve } from 'node:path';

import { ownPackage } from '../own-package.ts';

/**
 * What stands in the project's package.json. Without a wish: a working copy of the repository names itself, so
 * that everything works before anything is published, and an installed package names its exact version.
 *
 * Paths are made absolute, because package.json reads them relative to the project.
 */
export function generatorSpec(wish: string | undefined, cwd: string): string {
  const { name, version, root, isCheckout } = ownPackage();
  if (wish === undefined) return isCheckout ? `file:${root}` : version;
  if (wish.startsWith('file:')) return `file:${resolve(cwd, wish.slice('file:'.length))}`;
  if (/^(\.{0,2}[\\/]|[A-Za-z]:[\\/])/.test(wish) || isTarball(wish)) return `file:${resolve(cwd, wish)}`;
  return wish.startsWith(`${name}@`) ? wish.slice(name.length + 1) : wish;
}

function isTarball(spec: string): boolean {
  return /\.(tgz|tar\.gz)$/.test(spec) && !/^[a-z+]+:/.test(spec);
}
