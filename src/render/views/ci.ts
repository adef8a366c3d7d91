/** For `.github/workflows/ci.yml.hbs`. */
import type { ProjectModel } from '../../model/project.ts';
import { LOCAL_STORE, sharedStore } from './store.ts';

export interface CiView {
  readonly postgres: boolean;
  readonly redis: boolean;
  /** Present where the tests need a store that is told to them. */
  readonly storeUrl: string | undefined;
}

export function ciView(model: ProjectModel): CiView {
  const store = sharedStore(model);
  return { postgres: store === 'postgres', redis: store === 'redis', storeUrl: store && LOCAL_STORE[store] };
}
