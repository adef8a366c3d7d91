/** This package itself: where it lies and which version it is. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface OwnPackage {
  readonly name: string;
  readonly version: string;
  /** Absolute path of the package's directory. */
  readonly root: string;
  /** Whether it is a working copy of the repository rather than an installed package. */
  readonly isCheckout: boolean;
}

/** Reads this package's own package.json; the path is the same from `src/` and from `dist/`. */
export function ownPackage(): OwnPackage {
  const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');
  // This package's own file: npm does not publish one without name and version.
  const { name, version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as {
    name: string;
    version: string;
  };
  return { name, version, root, isCheckout: existsSync(`${root}/src/cli.ts`) };
}
