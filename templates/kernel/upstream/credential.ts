/** What authenticates the server to an upstream. */
import type { Secret } from '../config/secret.ts';
import type { CredentialDeclaration } from '../tool.ts';

/**
 * What adds the credential to a request's headers. The returned function is the only thing that holds it.
 * `setting` and `secret` find values of the environment.
 */
export function authorizeWith(
  credential: CredentialDeclaration,
  read: {
    readonly setting: (of: Extract<CredentialDeclaration, { type: 'basic' }>['username']) => string;
    readonly secret: (name: string) => Secret;
  },
): (headers: Headers) => void {
  switch (credential.type) {
    case 'none':
      return () => {};
    case 'bearer': {
      const token = read.secret(credential.token.secret);
      return (headers) => headers.set('authorization', `Bearer ${token.reveal()}`);
    }
    case 'api-key': {
      const key = read.secret(credential.key.secret);
      return (headers) => headers.set(credential.header, key.reveal());
    }
    case 'basic': {
      const username = read.setting(credential.username);
      const password = read.secret(credential.password.secret);
      return (headers) => headers.set('authorization', `Basic ${basic(username, password.reveal())}`);
    }
  }
}

function basic(username: string, password: string): string {
  return Buffer.from(`${username}:${password}`, 'utf8').toString('base64');
}
