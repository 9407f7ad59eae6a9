import { defineErrors } from './catalogue.ts';

/** Errors of stage 7: moving the rows and proving that they arrived. */
export const dataErrors = defineErrors({
  'data.target-not-ready': {
    summary: 'A table of the contract is not deployed as the contract says.',
    remedy: 'Run stage 06-infrastructure-deployment again, then retry.',
    retryable: false,
  },
  'data.source-changed': {
    summary: 'The source has not the columns that the contract maps.',
    remedy: 'Roll back to 01-mysql-analysis so that the analysis and the contract see the schema as it is now.',
    retryable: false,
  },
  'data.attribute-unsupported': {
    summary: 'The contract asks for a derived attribute that the embedded engine can not load.',
    remedy: 'Map the attribute to a column of its own source table, or drop it from the contract with a reason.',
    retryable: false,
  },
  'data.view-failed': {
    summary: 'A view over a source table could not be created or read.',
    remedy: 'Grant CREATE VIEW, SHOW VIEW and SELECT on the source database to the migration user, then retry.',
    retryable: false,
  },
  'data.write-failed': {
    summary: 'DynamoDB kept refusing writes after every retry.',
    remedy:
      'Look at throttling and service health of the table that is named, then retry; the load goes on where it stopped.',
    retryable: true,
  },
  'data.foreign-items': {
    summary: 'The target holds items that this migration did not write.',
    remedy: 'Remove them or choose another prefix; nothing was overwritten.',
    retryable: false,
  },
});
