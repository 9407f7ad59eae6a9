/** Thrown inside the abstract interpreter where a value can't be told; the message becomes the reported reason. */
export class Untold extends Error {
  override readonly name = 'Untold';
}
