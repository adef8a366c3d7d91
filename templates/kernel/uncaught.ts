/** What nobody caught goes to the log. Node.js would print it as it is, with whatever secret it quotes. */
import type { Logger } from './handler.ts';

const FAILED = 1;

/** From now on what was thrown outside of a promise, or by the program itself, ends the process with code 1. */
export function logUncaught(log: Logger): void {
  // One handler's forgotten promise must not end the calls of all others.
  process.on('unhandledRejection', (error) => log.error('A promise failed that nobody waited for', {}, error));
  process.on('uncaughtException', (error) => {
    try {
      log.error('Something failed that nobody caught', {}, error);
    } finally {
      // Nobody knows what state is left, so nothing goes on; leases end, and others take over what was under way.
      process.exit(FAILED);
    }
  });
}
