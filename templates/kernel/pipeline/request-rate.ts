/**
 * Step 6: how many calls a minute one principal may make. Counted in this process: three replicas let three times as
 * many through. Caps on writes are counted in the store, exactly.
 */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

import type { RequestRate } from './call.ts';

export function limitRequests(perMinute: number): RequestRate {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: 60 });
  return {
    perMinute,
    admit: async ({ subject, tenant = null }) => {
      try {
        await limiter.consume(JSON.stringify([tenant, subject]));
        return undefined;
      } catch (error) {
        if (error instanceof RateLimiterRes) return error.msBeforeNext;
        throw error;
      }
    },
  };
}
