/** Notices when the manifest has changed on disk. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { MANIFEST_NAMES } from '../manifest/load.ts';
import { Interrupted } from './cannot-run.ts';
import type { CommandContext } from './terminal.ts';

/** Short enough to feel immediate; looking costs a few microseconds. */
const LOOK_EVERY_MS = 100;

/**
 * Yields once at the start, and then whenever the manifest has changed and lain still for one look, so that a
 * file that is just being written is left to settle. Looking works where notifications do not: through editors
 * that replace the file, network drives and containers' mounts. Ends by throwing `Interrupted` only.
 */
export async function* watchManifest(context: WatchOptions): AsyncGenerator<void> {
  const candidates = context.manifest === undefined ? MANIFEST_NAMES : [context.manifest];
  const files = candidates.map((file) => resolve(context.cwd, file));
  let seen = await fingerprint(files);
  yield;
  let handled = seen;
  for (;;) {
    await pause(context.interrupted);
    const now = await fingerprint(files);
    if (now !== handled && now === seen) {
      handled = now;
      yield;
    }
    seen = now;
  }
}

type WatchOptions = Pick<CommandContext, 'cwd' | 'manifest' | 'interrupted'>;

async function fingerprint(files: readonly string[]): Promise<string> {
  const states = await Promise.all(files.map((file) => stat(file, { bigint: true }).catch(() => undefined)));
  return states.map((state) => (state ? `${state.ino}:${state.size}:${state.mtimeNs}` : 'missing')).join();
}

async function pause(interrupted: AbortSignal): Promise<void> {
  await sleep(LOOK_EVERY_MS, undefined, { signal: interrupted }).catch((cause: unknown) => {
    throw new Interrupted('Interrupted.', { cause });
  });
}
