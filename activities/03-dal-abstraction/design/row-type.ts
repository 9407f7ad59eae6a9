import ts from 'typescript';

/** Types that the driver gives to answers; never a row of the application. */
const DRIVER_RESULTS = new Set(['ResultSetHeader', 'OkPacket', 'RowDataPacket']);

/**
 * The application's own half of a row type: `Row` of `RowDataPacket & Row`; undefined where all of it is the driver's.
 * What is made of several parts stands in brackets, so that `[]` can follow.
 */
export function withoutDriver(type: string): string | undefined {
  const file = ts.createSourceFile('row.ts', `type Row = ${type};`, ts.ScriptTarget.Latest, true);
  const [statement] = file.statements;
  if (statement === undefined || !ts.isTypeAliasDeclaration(statement)) return type;
  let node = statement.type;
  while (ts.isParenthesizedTypeNode(node)) node = node.type;
  if (!ts.isIntersectionTypeNode(node)) return DRIVER_RESULTS.has(node.getText(file)) ? undefined : type;
  const own = node.types.map((one) => one.getText(file)).filter((one) => !DRIVER_RESULTS.has(one));
  if (own.length === 0) return undefined;
  return own.length === 1 ? own[0] : `(${own.join(' & ')})`;
}
