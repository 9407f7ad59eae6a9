/** What compiled statements use. */
export { avg, count, countDistinct, groupConcat, max, min, sum } from './aggregate.ts';
export { abs, add, ceiling, divide, divideWhole, floor, multiply, negate, remainder, round, subtract, subtractUnsigned, toScale } from './arithmetic.ts'; // prettier-ignore
export {
  and,
  between,
  eq,
  fails,
  ge,
  gt,
  holds,
  isIn,
  isRowIn,
  isNull,
  le,
  lt,
  ne,
  not,
  or,
  sameOrBothNull,
  truth,
  xor,
} from './compare.ts';
export { recursive, union } from './combine.ts';
export { Decimal } from './decimal.ts';
export {
  addInterval,
  byteLength,
  charLength,
  choose,
  coalesce,
  concat,
  concatWith,
  dateDifference,
  dateOf,
  datePart,
  greatest,
  isLike,
  least,
  left,
  lower,
  nullIf,
  replaceAll,
  substring,
  trim,
  unixTimestamp,
  upper,
} from './functions.ts';
export type { ColumnModel, Reference, StoreModel } from './model.ts';
export {
  asc,
  desc,
  distinct,
  groupBy,
  innerJoin,
  leftJoin,
  only,
  page,
  reach,
  sortBy,
  wholeGroup,
} from './relation.ts';
export type { Reader } from './reader.ts';
export { notCompiled, SqlError } from './sql-error.ts';
export { shaped, Store, StoreUnit } from './store.ts';
export { arg, args, namedRows, type Row, type Truth, type Value } from './value.ts';
export {
  cumeDist,
  denseRank,
  firstValue,
  inFrame,
  lag,
  lastValue,
  lead,
  nthValue,
  ntile,
  percentRank,
  rank,
  rowNumber,
  window,
} from './window.ts';
export type { WriteOutcome } from './writer.ts';
