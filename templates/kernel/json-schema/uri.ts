/** URIs of RFC 3986, section 3: absolute, with a scheme. */
import { isIPv6 } from 'node:net';

const CHARACTER = String.raw`(?:[a-z0-9\-._~!$&'()*+,;=:@]|%[0-9a-f]{2})`;
const URI = new RegExp(
  [
    String.raw`^[a-z][a-z0-9+\-.]*:`,
    String.raw`(?:\/\/(?<authority>[^/?#]*)(?:\/${CHARACTER}*)*|\/?${CHARACTER}+(?:\/${CHARACTER}*)*|\/)`,
    String.raw`(?:\?(?:${CHARACTER}|[/?])*)?(?:#(?:${CHARACTER}|[/?])*)?$`,
  ].join(''),
  'i',
);
const NAME = String.raw`(?:[a-z0-9\-._~!$&'()*+,;=]|%[0-9a-f]{2})*`;
const AUTHORITY = new RegExp(String.raw`^(?:(?:${NAME}:)*${NAME}@)?(?:\[(?<literal>[^\]]*)\]|${NAME})(?::\d*)?$`, 'i');
const FUTURE_ADDRESS = /^v[0-9a-f]+\.[a-z0-9\-._~!$&'()*+,;=:]+$/i;

/** Whether the text is a URI; relative references are not. */
export function isUri(value: string): boolean {
  const match = URI.exec(value);
  if (match === null) return false;
  const authority = match.groups?.['authority'];
  return authority === undefined || isAuthority(authority);
}

function isAuthority(authority: string): boolean {
  const match = AUTHORITY.exec(authority);
  if (match === null) return false;
  const literal = match.groups?.['literal'];
  return literal === undefined || FUTURE_ADDRESS.test(literal) || (!literal.includes('%') && isIPv6(literal));
}
