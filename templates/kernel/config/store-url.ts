/** Reads where a store is that many processes share. Its URL may hold a password, so it is a secret. */
import type { StorePlace } from '../settings.ts';
import type { ServerDeclaration } from '../tool.ts';
import type { Environment } from './environment.ts';
import { readSecretUrl } from './secret.ts';

export const STORE_URL = 'MCP_STORE_URL';

/** `what`: the URL of what. */
export function locateByUrl(what: string) {
  return (_: ServerDeclaration, environment: Environment): StorePlace => {
    const secret = readSecretUrl(environment, STORE_URL, what);
    return {
      address: () => secret.reveal(),
      shown: withoutSecrets(secret.reveal()),
      remedy: `Set ${STORE_URL} to ${what} that can be written to.`,
    };
  };
}

function withoutSecrets(text: string): string {
  const url = URL.parse(text);
  // A password with a slash makes a URL whose path is the rest of that password.
  if (url === null || url.pathname.includes('@')) return `what ${STORE_URL} names`;
  return `${url.protocol}//${url.host}${url.pathname}`;
}
