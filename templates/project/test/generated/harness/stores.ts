/** Where operations are kept while a test runs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parts, server } from '../../../src/generated/server.ts';
import type { OperationStore } from '../../../src/kernel/idempotency/store.ts';

/** A new directory for one test. */
export function makeDirectory(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'generated-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A store that refuses everything and says what it was asked for; for calls that must not get so far. */
export function untouchableStore(): { readonly store: OperationStore; readonly touches: readonly string[] } {
  const touches: string[] = [];
  const refuse = (method: string) => () => {
    touches.push(method);
    return Promise.reject(new Error(`${method} was called, although this call needs no store`));
  };
  const store: OperationStore = {
    begin: refuse('begin'),
    peek: refuse('peek'),
    markSent: refuse('markSent'),
    recordOutcome: refuse('recordOutcome'),
    release: refuse('release'),
    recordUnknown: refuse('recordUnknown'),
    findById: refuse('findById'),
    ping: refuse('ping'),
    close: () => Promise.resolve(),
  };
  return { store, touches };
}

/** A store of the kind that the manifest chose; absent where no tool writes. */
export function openProjectStore(file: string): OperationStore | undefined {
  return parts.openStore?.({ path: file, retentionMs: server.retentionMs });
}
