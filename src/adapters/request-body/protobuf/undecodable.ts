// Why bytes are no object: thrown by whoever reads them, caught in decode-object.ts.

/** `unknown-kind`: no message of the table. `unknown-field`: of a newer Kubernetes. `limits`: too deep, or too much. `invalid`: anything else. */
export type UndecodableCode = 'unknown-kind' | 'unknown-field' | 'limits' | 'invalid';

/** The bytes cannot be read, or mean what JSON cannot say. */
export class Undecodable extends Error {
  readonly code: UndecodableCode;

  constructor(code: UndecodableCode, message: string) {
    super(message);
    this.code = code;
  }
}
