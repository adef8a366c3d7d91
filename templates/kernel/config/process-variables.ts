/** The one place that looks at the environment of the process: everything else is handed what it needs of it. */
import type { Variables } from './environment.ts';

export function processVariables(): Variables {
  return process.env;
}
