/** URLs of those who say who calls. */
import type { Environment } from '../config/environment.ts';
import { readIssuerUrl } from '../config/issuer-url.ts';
import type { Setting } from '../tool.ts';

/** As it is written: issuers and audiences are compared as texts. */
export function readUrl(environment: Environment, setting: Setting, what: string): string {
  return readIssuerUrl(environment, setting, { what })?.written ?? 'https://nowhere.invalid/';
}
