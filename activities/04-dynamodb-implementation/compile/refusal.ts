/** A statement, or a part of one, that has no equal in DynamoDB by this contract and this compiler. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** What would help: a change of the contract, or of the statement. */
  readonly help: string;

  constructor(reason: string, help: string) {
    super(reason);
    this.help = help;
  }
}
