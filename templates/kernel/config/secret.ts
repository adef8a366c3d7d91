/** Secrets of the environment. Nothing can print one, and problems name its variable and never show its value. */
import { readFileSync, statSync } from 'node:fs';
import { inspect } from 'node:util';

import type { Environment } from './environment.ts';
import { secretsInUrl } from './known-secrets.ts';

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

/** A secret whose file is read again whenever it changes, so that a rotated secret needs no restart. `note` is told what it holds. */
function secretFromFile(path: string, note: (value: string) => void): Secret {
  let value = '';
  let version = '';
  return new Secret(() => {
    // The time alone is too coarse: a file can change twice within one tick of it.
    const { ino, mtimeMs, size } = statSync(path);
    const current = [ino, mtimeMs, size].join(':');
    if (current !== version) {
      value = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
      version = current;
      note(value);
    }
    return value;
  });
}

/** From NAME, or from the file that NAME_FILE names. */
export function readSecret(environment: Environment, name: string, what: string): Secret {
  return read(environment, { name, what, secretsIn: (value) => [value] });
}

/** A URL that may hold a password. */
export function readSecretUrl(environment: Environment, name: string, what: string): Secret {
  return read(environment, { name, what, secretsIn: secretsInUrl });
}

interface Wanted {
  readonly name: string;
  readonly what: string;
  readonly secretsIn: (value: string) => readonly string[];
}

function read(environment: Environment, { name, what, secretsIn }: Wanted): Secret {
  const note = (text: string): void => environment.secrets.note(name, secretsIn(text));
  const value = environment.text(name);
  const file = environment.text(`${name}_FILE`);
  if (value !== undefined && file !== undefined) {
    environment.problem(`${name} and ${name}_FILE are both set: keep one, so that it is clear which secret is used.`);
  }
  if (value !== undefined) note(value);
  if (file !== undefined) return fromFile(environment, { name: `${name}_FILE`, path: file, note });
  if (value === undefined) {
    environment.problem(`${name} is not set: set it to ${what}, or ${name}_FILE to the path of a file that holds it.`);
    return new Secret(() => '');
  }
  check(environment, name, value);
  return new Secret(() => value);
}

function fromFile(
  environment: Environment,
  { name, path, note }: { readonly name: string; readonly path: string; readonly note: (value: string) => void },
): Secret {
  try {
    readFileSync(path);
  } catch {
    environment.problem(`${name} names a file that cannot be read: check its path and permissions.`);
    return new Secret(() => '');
  }
  const secret = secretFromFile(path, note);
  check(environment, name, secret.reveal());
  return secret;
}

function check(environment: Environment, name: string, value: string): void {
  if (value === '') environment.problem(`${name} holds nothing: put the secret there.`);
  else if (/[^\x20-\x7e]/.test(value)) {
    environment.problem(`${name} holds a line break or another character that no header can carry: remove it.`);
  }
}
