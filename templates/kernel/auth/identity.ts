/** Who calls, from what their token says. */
import type { Caller } from '../caller.ts';
import { expandScopes } from '../config/caller.ts';
import { valueAt, type JsonObject } from '../json.ts';
import type { AuthDeclaration, ServerDeclaration } from '../tool.ts';
import { TokenRefused, type Claims } from './access-token.ts';

/** As long as OpenID Connect lets a subject be. */
const LONGEST_NAME = 255;

/** Throws `TokenRefused` where the token does not say what the manifest relies on. */
export function callerFrom(
  claims: Claims,
  { server, names }: { readonly server: ServerDeclaration; readonly names: AuthDeclaration['claims'] },
): Caller {
  const scopes = wordsIn(claim(claims, 'scope') ?? claim(claims, 'scp'));
  const roles = names.roles === undefined ? [] : rolesIn(claim(claims, names.roles));
  return {
    subject: nameIn(claims, 'sub'),
    // A caller without tenant must not be taken for one who may see all of them.
    ...(names.tenant !== undefined && { tenant: nameIn(claims, names.tenant) }),
    run: runOf(claims, names.run),
    scopes: expandScopes(server, { scopes, roles }),
    roles: new Set(roles),
  };
}

/** Every token has the last of these; the issuer sets them all. */
function runOf(claims: Claims, name: string | undefined): string {
  const candidates = [...(name === undefined ? [] : [name]), 'sid', 'jti'];
  const run = candidates.map((candidate) => claim(claims, candidate)).find(isName);
  return run ?? `until-${String(claim(claims, 'exp'))}`;
}

function nameIn(claims: Claims, name: string): string {
  const value = claim(claims, name);
  if (!isName(value)) throw new TokenRefused(`its claim ${name} is missing, empty, too long or no text`);
  return value;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_NAME;
}

/** A list of texts, or one text with spaces between the words, as issuers differ. */
function wordsIn(value: unknown): readonly string[] {
  return typeof value === 'string' ? textsIn(value.split(' ')) : textsIn(value);
}

/** A list of texts, or the only one: a role may have spaces in its name. */
function rolesIn(value: unknown): readonly string[] {
  return textsIn(typeof value === 'string' ? [value] : value);
}

function textsIn(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  return list.filter((text): text is string => typeof text === 'string' && text !== '');
}

/** Some issuers nest what they say: `/realm_access/roles`. */
function claim(claims: Claims, name: string): unknown {
  // Claims were JSON once.
  if (name.startsWith('/')) return valueAt(claims as JsonObject, name);
  return Object.hasOwn(claims, name) ? claims[name] : undefined;
}
