/** Tells a client how far a call is: only one that asked for it, and only until its call is answered. */
import type { ServerContext } from '@modelcontextprotocol/server';

import type { ToolContext } from '../handler.ts';

export interface Progress {
  /** `undefined` where the client did not ask. */
  readonly tell: ToolContext['progress'] | undefined;
  /** From now on nothing is told any more. */
  readonly end: () => void;
}

export function progressOf({ mcpReq }: ServerContext): Progress {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return { tell: undefined, end: () => {} };
  let isOver = false;
  return {
    tell: (progress, more) => {
      if (isOver) return;
      const params = { progressToken, progress, ...more };
      // A client that is gone misses nothing.
      mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {});
    },
    end: () => {
      isOver = true;
    },
  };
}
