/** URLs of those who issue tokens: read from the environment. */
import type { Setting } from '../tool.ts';
import { quote, type Environment } from './environment.ts';
import { isTrustworthy } from './loopback.ts';

/** `undefined` where it is missing or cannot be used, which is noted. `remedy`: `set it to …`. */
export function readIssuerUrl(
  environment: Environment,
  setting: Setting,
  about: { readonly what: string; readonly source?: string; readonly remedy?: string },
): { readonly url: URL; readonly written: string } | undefined {
  const { what, source = 'The manifest', remedy = `set it to ${what}` } = about;
  const written = environment.setting(setting, what);
  if (written === '') return undefined;
  const url = URL.parse(written);
  const problem = problemOf(url);
  if (url !== null && problem === undefined) return { url, written };
  // What may hold a user or a key is not repeated.
  const said = url === null || /[@?#]/.test(written) ? '' : ` says ${quote(written)}, which`;
  environment.problem(`${'env' in setting ? setting.env : source}${said} ${problem}: ${remedy}.`);
  return undefined;
}

function problemOf(url: URL | null): string | undefined {
  if (url === null) return 'is no URL';
  // A password with a slash in it would be a path.
  if (url.username !== '' || url.password !== '' || url.pathname.includes('@')) return 'has a user in it';
  if (url.search !== '' || url.hash !== '') return 'has a query or a fragment';
  return isTrustworthy(url) ? undefined : 'does not start with https:// and is not of this machine';
}
