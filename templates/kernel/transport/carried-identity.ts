/** Carries who a request is from past the SDK, which hands on `authInfo` as it is. No token is in it. */
import type { AuthInfo } from '@modelcontextprotocol/server';

import type { Identity } from './transport.ts';

const identities = new WeakMap<AuthInfo, Identity>();

export function carry(identity: Identity): AuthInfo {
  const authInfo: AuthInfo = { token: '', clientId: '', scopes: [] };
  identities.set(authInfo, identity);
  return authInfo;
}

/** Throws where nobody was identified. */
export function carried({ authInfo }: { readonly authInfo?: AuthInfo | undefined }): Identity {
  const identity = authInfo && identities.get(authInfo);
  if (identity === undefined) throw new Error('A request came past the gate');
  return identity;
}
