/** The key that audit hashes sensitive values with, so that nobody without it can find out by trying what a hash stands for. */
import type { Environment } from './environment.ts';
import { readSecret, Secret } from './secret.ts';

const AUDIT_KEY = 'MCP_AUDIT_KEY';
const SHORTEST = 32;

/** `undefined` where none is set: then each process makes its own. Read once, since an event cannot wait for a file. */
export function readAuditKey(environment: Environment): Secret | undefined {
  const isSet = [AUDIT_KEY, `${AUDIT_KEY}_FILE`].some((name) => environment.text(name));
  if (!isSet) return undefined;
  const key = readSecret(environment, AUDIT_KEY, `${SHORTEST} random characters or more`).reveal();
  if (key.length > 0 && key.length < SHORTEST) {
    environment.problem(`${AUDIT_KEY} holds ${key.length} characters: give it ${SHORTEST} random ones or more.`);
  }
  return new Secret(() => key);
}
