import { defineErrors } from './catalogue.ts';

/** Errors of stage 2: what keeps a relational model from becoming a DynamoDB one. */
export const modelErrors = defineErrors({
  'model.rate-missing': {
    summary: 'Access patterns have no request rate, so nothing can be priced.',
    remedy: 'State them in statedRates (by pattern id or route), or name an assumption in assumedRate.',
    retryable: false,
  },
  'model.no-primary-key': {
    summary: 'A source table has neither a primary key nor a unique key of NOT NULL columns.',
    remedy: 'Give the table a primary key in MySQL, or leave it out of the migration, and run stage 1 again.',
    retryable: false,
  },
  'model.type-unsupported': {
    summary: 'A column has a type for which there is no encoding.',
    remedy: 'Convert the column to a type of docs/value-encoding.md, or drop it, and run stage 1 again.',
    retryable: false,
  },
  'model.key-unsupported': {
    summary: 'A column that has to be part of a key has a type or a size that DynamoDB keys cannot have.',
    remedy: 'Give the table a key of other columns in MySQL and run stage 1 again.',
    retryable: false,
  },
  'model.constraint-unsupported': {
    summary: 'A unique or foreign key can not be kept in DynamoDB as it is declared.',
    remedy: 'Change or drop the constraint in MySQL and run stage 1 again.',
    retryable: false,
  },
  'model.no-candidate': {
    summary: 'No candidate model serves all access patterns within the limits of DynamoDB.',
    remedy: 'Read the limits that each candidate broke; change the pattern, its rate or the data that is named.',
    retryable: false,
  },
  'model.proof-failed': {
    summary: 'The chosen model could not be tried on the DynamoDB endpoint.',
    remedy: 'See that the endpoint of the target answers and that the source can be read; then retry.',
    retryable: true,
  },
});
