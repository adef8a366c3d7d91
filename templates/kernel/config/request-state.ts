/** The secret that signs what a client keeps while its user is asked. */
import { randomBytes } from 'node:crypto';

import type { RequestStateSettings } from '../settings.ts';
import type { Environment } from './environment.ts';
import { readSecret, Secret } from './secret.ts';

export const REQUEST_STATE_SECRET = 'MCP_REQUEST_STATE_SECRET';

const SHORTEST = 32;

/** Without one set, this process makes its own, so that what others asked cannot be answered here. */
export function readRequestState(environment: Environment): RequestStateSettings {
  const isSet = [REQUEST_STATE_SECRET, `${REQUEST_STATE_SECRET}_FILE`].some((name) => environment.text(name));
  if (!isSet) {
    const own = randomBytes(SHORTEST).toString('base64url');
    return { secret: new Secret(() => own), shared: false };
  }
  const secret = readSecret(environment, REQUEST_STATE_SECRET, `${SHORTEST} random characters or more`);
  const { length } = secret.reveal();
  if (length > 0 && length < SHORTEST) {
    environment.problem(`${REQUEST_STATE_SECRET} holds ${length} characters: give it ${SHORTEST} random ones or more.`);
  }
  return { secret, shared: true };
}
