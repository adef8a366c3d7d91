/** For `.github/workflows/ci.yml.hbs`. */
import type { ProjectModel } from '../../model/project.ts';
import type { RenderContext } from '../context.ts';
import { PACKAGE_MANAGER_VERSIONS as VERSIONS } from '../versions.ts';
import { runView, type RunView } from './run.ts';
import { LOCAL_STORE, sharedStore } from './store.ts';

export interface CiView {
  /** The version of the package manager, where it is this one. */
  readonly pnpm: string | undefined;
  readonly yarn: string | undefined;
  readonly bun: string | undefined;
  /** The package manager whose downloads setup-node keeps; absent where it knows none such. */
  readonly cache: string | undefined;
  readonly run: RunView;
  readonly postgres: boolean;
  readonly redis: boolean;
  /** Present where the tests need a store that is told to them. */
  readonly storeUrl: string | undefined;
}

export function ciView(model: ProjectModel, { packageManager }: RenderContext): CiView {
  const store = sharedStore(model);
  return {
    pnpm: packageManager === 'pnpm' ? VERSIONS.pnpm : undefined,
    yarn: packageManager === 'yarn' ? VERSIONS.yarn : undefined,
    bun: packageManager === 'bun' ? VERSIONS.bun : undefined,
    cache: packageManager === 'bun' ? undefined : packageManager,
    run: runView(packageManager),
    postgres: store === 'postgres',
    redis: store === 'redis',
    storeUrl: store && LOCAL_STORE[store],
  };
}
