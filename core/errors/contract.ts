import { defineErrors } from './catalogue.ts';

/** Errors of `migrationContract.json`. */
export const contractErrors = defineErrors({
  'contract.invalid': {
    summary: 'The migration contract is not valid.',
    remedy: 'Correct the places that are named (JSON pointers into the contract), or run stage 2 again.',
    retryable: false,
  },
});
