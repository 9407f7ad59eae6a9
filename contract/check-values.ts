import { attributeType, valueFamily, type ValueFamily } from './attribute-type.ts';
import { problem, type Problem } from './problem.ts';
import { directColumn } from './store-model.ts';
import type { ContractAttribute, ContractEntity, ValueEncoding } from './types.ts';

/** Which columns each encoding takes, and what it makes of them. */
const ENCODINGS: Readonly<
  Record<Exclude<ValueEncoding, 'canonical'>, { of: readonly ValueFamily[]; gives: readonly string[] }>
> = {
  text: { of: ['integer', 'decimal', 'float'], gives: ['S'] },
  set: { of: ['text'], gives: ['SS'] },
  document: { of: ['json'], gives: ['M', 'L'] },
  boolean: { of: ['integer'], gives: ['BOOL'] },
  'epoch-seconds': { of: ['temporal'], gives: ['N'] },
};

/** The attribute type of a column's values, by the encoding that the contract asks for; null where there is none. */
export function encodedType(attribute: ContractAttribute): ContractAttribute['type'] | null {
  const { encoding = 'canonical', source_type: source, type } = attribute;
  if (encoding === 'canonical') return attributeType(source);
  const { gives } = ENCODINGS[encoding];
  return (gives.includes(type) ? type : gives[0]) as ContractAttribute['type'];
}

/** Rules of how values, NULL and zero dates are written. */
export function checkValuePolicy(attribute: ContractAttribute, entity: ContractEntity, place: string): Problem[] {
  const { encoding, null_as: nullAs, zero_date: zeroDate, source_type: source } = attribute;
  const problems: Problem[] = [];
  const family = valueFamily(source.data_type);
  if (directColumn(attribute, entity.source_table) === null) {
    if (encoding !== undefined) problems.push(problem(`${place}/encoding`, 'is of columns, but the value is derived'));
    if (zeroDate !== undefined) problems.push(problem(`${place}/zero_date`, 'is of columns, but the value is derived'));
    return problems;
  }
  if (encoding !== undefined && encoding !== 'canonical') {
    const fits = family !== null && ENCODINGS[encoding].of.includes(family);
    const isSet = encoding !== 'set' || source.data_type === 'set';
    if (!fits || !isSet)
      problems.push(problem(`${place}/encoding`, `is ${encoding}, which is not for ${source.data_type}`));
  }
  if (zeroDate !== undefined && !['date', 'datetime', 'timestamp'].includes(source.data_type))
    problems.push(problem(`${place}/zero_date`, `is given, but ${source.data_type} has no zero date`));
  if (zeroDate === 'null' && !source.nullable)
    problems.push(problem(`${place}/zero_date`, 'is null, but the column can not be NULL'));
  if (nullAs !== undefined && !source.nullable)
    problems.push(problem(`${place}/null_as`, 'is given, but the column can not be NULL'));
  return problems;
}
