/** A value that has no place in a request. `field` is the JSON Pointer of the argument that it came from. */
export class NotEncodable extends Error {
  override readonly name = 'NotEncodable';
  readonly field: string;
  readonly reason: string;

  constructor(field: string, reason: string) {
    super(`${field === '' ? 'A value of the request' : field} ${reason}`);
    this.field = field;
    this.reason = reason;
  }
}
