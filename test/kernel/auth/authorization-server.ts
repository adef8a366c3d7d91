/** A real authorization server at which a user signs in, consents, and is sent back with a code. */
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Provider } from 'oidc-provider';
import { onTestFinished } from 'vitest';

export const CLIENT_ID = 'desktop';
export const CALLBACK = 'http://127.0.0.1:9/callback';

/** `resource`: what its tokens are good for, as JWTs with these scopes. */
export async function startAuthorizationServer(resource: string, scopes: readonly string[]): Promise<string> {
  const http = createServer();
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    http.close();
    http.closeAllConnections();
  });
  // A server that listens on a port has this kind of address.
  const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT_ID,
        application_type: 'native',
        grant_types: ['authorization_code'],
        redirect_uris: [CALLBACK],
        token_endpoint_auth_method: 'none',
      },
    ],
    scopes: [...scopes],
    extraTokenClaims: () => ({ org: 'acme' }),
    features: {
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_, asked) => {
          if (asked !== resource) throw new Error(`${asked} is not known here`);
          return { scope: scopes.join(' '), audience: resource, accessTokenFormat: 'jwt' };
        },
      },
    },
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', kid: 'one' }] },
    cookies: { keys: ['of this test'] },
  });
  const answer = provider.callback();
  http.on('request', (request, response) => void answer(request, response));
  return issuer;
}

/** What the user's browser does: signs in, consents to everything, and ends at the callback. */
export async function signIn(authorization: URL, login = 'ada'): Promise<URL> {
  const cookies = new Map<string, string>();
  let next = { url: authorization, form: undefined as Readonly<Record<string, string>> | undefined };
  for (let hop = 0; hop < 12; hop += 1) {
    const response = await fetch(next.url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(next.form && { method: 'POST', body: new URLSearchParams(next.form) }),
    });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location === null) {
      const page = await response.text();
      const [, prompt] = /name="prompt" value="(\w+)"/.exec(page) ?? [];
      if (prompt === undefined) throw new Error(`The authorization server says: ${page.slice(0, 2_000)}`);
      next = { url: next.url, form: { prompt, login, password: 'any' } };
    } else {
      next = { url: new URL(location, next.url), form: undefined };
      if (next.url.href.startsWith(CALLBACK)) return next.url;
    }
  }
  throw new Error('The authorization server goes round in circles');
}
