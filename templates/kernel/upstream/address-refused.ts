/** What a call is told when its upstream leads where no request may go: an operator has to see to it. */
import { failure, type ErrorBody } from '../failure.ts';

export function addressRefused(): ErrorBody {
  return failure({
    code: 'UPSTREAM_ADDRESS_REFUSED',
    category: 'internal',
    message:
      "The upstream's name leads to an address that this server does not connect to, so nothing was sent. " +
      'Its operators have to see to that.',
  });
}
