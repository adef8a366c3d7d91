/** What templates say of a store that many processes share. */
import type { ProjectModel, StoreModel } from '../../model/project.ts';

export type SharedStore = Extract<StoreModel, 'postgres' | 'redis'>;

/** The URL of the store that `compose.yaml` starts. */
export const LOCAL_STORE: Readonly<Record<SharedStore, string>> = {
  postgres: 'postgres://postgres:local@127.0.0.1:5432/operations',
  redis: 'redis://127.0.0.1:6379',
};

/** Present where the store is a server of its own. */
export function sharedStore({ store }: ProjectModel): SharedStore | undefined {
  return store === 'postgres' || store === 'redis' ? store : undefined;
}

export const STORE_NAMES: Readonly<Record<SharedStore, string>> = { postgres: 'PostgreSQL', redis: 'Redis' };
