/** A real OAuth server on this machine, and what it was asked for. */
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Provider } from 'oidc-provider';
import { onTestFinished } from 'vitest';

import { exchangeTokens, TOKEN_EXCHANGE, type Exchanged } from './token-exchange-grant.ts';

export const CLIENT_SECRET = 'canary-client-secret-that-must-not-show';
export const RESOURCE = 'https://api.example/things';

/** What stands in for the issuer's own answer. */
export type Interruption = (request: IncomingMessage, response: ServerResponse) => void;

export interface Issuer {
  readonly tokenUrl: string;
  /** How many tokens were asked for. */
  readonly asked: () => number;
  /** The exchanges that it was asked for, in order. */
  readonly exchanged: readonly Exchanged[];
  /** What the token stands for; `undefined` where the issuer does not know it. */
  readonly look: (token: string) => Promise<IssuedFor | undefined>;
  /** Answers of the token endpoint from now on; `undefined`: its own. */
  readonly interrupt: (by: Interruption | undefined) => void;
  /** Resolves when so many tokens have been asked for. */
  readonly arrival: (count: number) => Promise<void>;
}

export interface IssuedFor {
  readonly clientId: string | undefined;
  readonly scope: string | undefined;
  readonly audience: string | readonly string[] | undefined;
}

/** `livesS`: how long its tokens live, in seconds. */
export async function startIssuer({ livesS = 3_600 }: { readonly livesS?: number } = {}): Promise<Issuer> {
  let interruption: Interruption | undefined;
  let asked = 0;
  const waiting = new Set<() => void>();
  const http = createServer();
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    const closed = new Promise((resolve) => http.close(resolve));
    http.closeAllConnections();
    await closed;
  });
  // A server that listens on a port has an address of this shape.
  const { port } = http.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const provider = makeProvider(url, livesS);
  const exchanged = exchangeTokens(provider);
  const answer = provider.callback();
  http.on('request', (request: IncomingMessage, response: ServerResponse) => {
    asked += 1;
    for (const look of waiting) look();
    if (interruption === undefined) void answer(request, response);
    else interruption(request, response);
  });
  return {
    tokenUrl: `${url}/token`,
    asked: () => asked,
    exchanged,
    interrupt: (by) => {
      interruption = by;
    },
    look: async (token) => {
      const found = await provider.ClientCredentials.find(token);
      return found && { clientId: found.clientId, scope: found.scope, audience: found.aud };
    },
    arrival: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (asked < count) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}

function makeProvider(url: string, livesS: number): Provider {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  return new Provider(url, {
    clients: [
      {
        client_id: 'connector',
        client_secret: CLIENT_SECRET,
        grant_types: ['client_credentials', TOKEN_EXCHANGE],
        redirect_uris: [],
        response_types: [],
        token_endpoint_auth_method: 'client_secret_basic',
      },
    ],
    scopes: ['things.read', 'things.write'],
    ttl: { ClientCredentials: livesS },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({ scope: 'things.read things.write', accessTokenTTL: livesS }),
      },
    },
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig' }] },
    cookies: { keys: ['not-used'] },
  });
}
