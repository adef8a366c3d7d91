/** For `.github/workflows/ci.yml.hbs`. */
import type { ProjectModel } from '../../model/project.ts';
import type { RenderContext } from '../context.ts';
import { runView, type RunView } from './run.ts';
import { LOCAL_STORE, sharedStore } from './store.ts';

export interface CiView {
  readonly pnpm: boolean;
  readonly yarn: boolean;
  readonly bun: boolean;
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
    pnpm: packageManager === 'pnpm',
    yarn: packageManager === 'yarn',
    bun: packageManager === 'bun',
    cache: packageManager === 'bun' ? undefined : packageManager,
    run: runView(packageManager),
    postgres: store === 'postgres',
    redis: store === 'redis',
    storeUrl: store && LOCAL_STORE[store],
  };
}
