/** URLs of those who say who calls. */
import { quote, type Environment } from '../config/environment.ts';
import { isTrustworthy } from '../config/loopback.ts';
import type { Setting } from '../tool.ts';

const NOWHERE = 'https://nowhere.invalid/';

/** As it is written: issuers and audiences are compared as texts. */
export function readUrl(environment: Environment, setting: Setting, what: string): string {
  const value = environment.setting(setting, what);
  if (value === '') return NOWHERE;
  const problem = problemOf(URL.parse(value));
  if (problem === undefined) return value;
  const source = 'env' in setting ? setting.env : 'The manifest';
  environment.problem(`${source} says ${quote(value)}, which ${problem}: set it to ${what}.`);
  return NOWHERE;
}

function problemOf(url: URL | null): string | undefined {
  if (url === null) return 'is no URL';
  if (url.username !== '' || url.password !== '') return 'has a user in it';
  if (url.search !== '' || url.hash !== '') return 'has a query or a fragment';
  return isTrustworthy(url) ? undefined : 'does not start with https:// and is not of this machine';
}
