/** Nothing is written outside a project, whatever links lie inside it. */
import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';

export interface Obstacle {
  /** `outside`: a path, or a link on the way to it, leads out of the project. `in-the-way`: a file where a directory is needed. */
  readonly kind: 'outside' | 'in-the-way';
  /** The path, link or file that is the obstacle. */
  readonly path: string;
}

/**
 * What keeps a file from being written or removed; nothing where all is well.
 *
 * @param path relative to the root, with forward slashes
 */
export async function findObstacle(root: string, path: string): Promise<Obstacle | undefined> {
  if (isAbsolute(path) || !isWithin(resolve(root), resolve(root, path))) return { kind: 'outside', path };
  const realRoot = await realpath(root).catch(absentAsUndefined);
  if (realRoot === undefined) return undefined;
  for (const directory of ancestors(path)) {
    const real = await realpath(resolve(root, directory)).catch(absentAsUndefined);
    if (real === undefined) return undefined;
    if (!isWithin(realRoot, real)) return { kind: 'outside', path: directory };
    if (!(await stat(real)).isDirectory()) return { kind: 'in-the-way', path: directory };
  }
  return undefined;
}

/** `src/generated/server.ts` → `src`, `src/generated`. */
function ancestors(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** Whether `inner` is `outer` or lies below it. */
function isWithin(outer: string, inner: string): boolean {
  const way = relative(outer, inner);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function absentAsUndefined(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}
