/** The secret that authenticates the server to an upstream. Made so that nothing can print it. */
import { readFileSync, statSync } from 'node:fs';
import { inspect } from 'node:util';

import type { CredentialDeclaration } from '../tool.ts';

const HIDDEN = '[secret]';

/** A secret. Every way of showing an object shows `[secret]`; only `reveal` gives the value. */
export class Secret {
  readonly #read: () => string;

  constructor(read: () => string) {
    this.#read = read;
  }

  /** For the one place that puts the secret into a request. */
  reveal(): string {
    return this.#read();
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}

/** A secret whose file is read again whenever it changes, so that a rotated secret needs no restart. */
export function secretFromFile(path: string): Secret {
  let value = '';
  let version = '';
  return new Secret(() => {
    // The time alone is too coarse: a file can change twice within one tick of it.
    const { ino, mtimeMs, size } = statSync(path);
    const current = [ino, mtimeMs, size].join(':');
    if (current !== version) {
      value = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
      version = current;
    }
    return value;
  });
}

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
