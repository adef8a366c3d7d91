/** The claim of the operation is gone, so nothing may be done any more. */
export class ClaimLost extends Error {
  override readonly name = 'ClaimLost';
}
