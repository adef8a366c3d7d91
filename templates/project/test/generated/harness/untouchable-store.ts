/** A store for calls that must not get so far. */
import type { WritePath } from '../../../src/kernel/runtime.ts';

/** A write path that refuses everything and says what it was asked for. */
export function untouchableWritePath(): { readonly writePath: WritePath; readonly touches: readonly string[] } {
  const touches: string[] = [];
  const refuse = (method: string) => () => {
    touches.push(method);
    return Promise.reject(new Error(`${method} was called, although this call needs no store`));
  };
  const writePath = {
    write: refuse('write'),
    ping: refuse('ping'),
    operations: () => {
      throw new Error('operations was called, although this call needs no store');
    },
    tools: [],
    start: () => {},
    delivered: () => {},
    close: () => Promise.resolve(),
  };
  return { writePath, touches };
}
