/** The official client finds its way to a token by itself, and to a better one where a tool needs it. */
import { createServer, type AddressInfo } from 'node:net';

import {
  StreamableHTTPClientTransport,
  UnauthorizedError,
  type OAuthClientProvider,
  type OAuthDiscoveryState,
  type StoredOAuthTokens,
} from '@modelcontextprotocol/client';
import { expect, onTestFinished, test } from 'vitest';

import { newClient } from '../transport/process.ts';
import { CALLBACK, CLIENT_ID, signIn, startAuthorizationServer } from './authorization-server.ts';
import { startSignedIn } from './signed-in.ts';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has this kind of address.
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Where the client wants its user to go, each time. */
interface Wallet extends OAuthClientProvider {
  readonly sentTo: URL[];
}

function openWallet(): Wallet {
  let verifier = '';
  let tokens: StoredOAuthTokens | undefined;
  let discovered: OAuthDiscoveryState | undefined;
  const sentTo: URL[] = [];
  return {
    sentTo,
    redirectUrl: CALLBACK,
    clientMetadata: { redirect_uris: [CALLBACK], token_endpoint_auth_method: 'none' },
    clientInformation: () => ({ client_id: CLIENT_ID }),
    tokens: () => tokens,
    saveTokens: (saved) => {
      tokens = saved;
    },
    redirectToAuthorization: (url) => void sentTo.push(url),
    saveCodeVerifier: (saved) => {
      verifier = saved;
    },
    codeVerifier: () => verifier,
    saveDiscoveryState: (saved) => {
      discovered = saved;
    },
    discoveryState: () => discovered,
  };
}

test.each(['legacy', 'modern'] as const)(
  'a client signs its user in where the server says, with the scopes that it names (%s era)',
  async (era) => {
    const port = await freePort();
    const resource = `http://127.0.0.1:${port}/mcp`;
    const issuer = await startAuthorizationServer(resource, ['read', 'write', 'extra']);
    const environment = { MCP_HTTP_PORT: String(port), MCP_AUDIENCE: resource, MCP_ISSUER: issuer };
    const { url, ledger } = await startSignedIn({ environment });
    const wallet = openWallet();
    const signInOnce = async (transport: StreamableHTTPClientTransport): Promise<void> => {
      const sentTo = wallet.sentTo.at(-1);
      if (sentTo === undefined) throw new Error('The client asked for no sign-in');
      await transport.finishAuth((await signIn(sentTo)).searchParams);
    };

    const first = new StreamableHTTPClientTransport(url, { authProvider: wallet });
    await expect(newClient(era).connect(first)).rejects.toThrow(UnauthorizedError);
    expect(wallet.sentTo[0]?.searchParams.get('scope')).toBe('read');
    expect(wallet.sentTo[0]?.searchParams.get('resource')).toBe(resource);
    await signInOnce(first);

    const client = newClient(era);
    const transport = new StreamableHTTPClientTransport(url, { authProvider: wallet });
    await client.connect(transport);
    onTestFinished(() => client.close());
    const looked = await client.callTool({ name: 'look', arguments: {} });
    expect(looked).toMatchObject({ content: [{ text: 'acme ada' }] });

    await expect(client.callTool({ name: 'note', arguments: {} })).rejects.toThrow(UnauthorizedError);
    expect(wallet.sentTo).toHaveLength(2);
    expect(wallet.sentTo[1]?.searchParams.get('scope')?.split(' ').sort()).toEqual(['extra', 'read', 'write']);
    expect(ledger.received).toHaveLength(0);
    await signInOnce(transport);
    expect((await client.callTool({ name: 'note', arguments: {} })).isError).not.toBe(true);
    expect(ledger.received).toHaveLength(1);
  },
  60_000,
);
