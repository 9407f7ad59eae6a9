import { defineErrors } from './catalogue.ts';

/** Errors of `migrationContract.json`. */
export const contractErrors = defineErrors({
  'contract.invalid': {
    summary: 'The migration contract is not valid.',
    remedy: 'Correct the places that are named (JSON pointers into the contract), or run stage 2 again.',
    retryable: false,
  },
  'contract.file-unreadable': {
    summary: 'The contract that the plan names can not be read by the worker.',
    remedy: 'Put the file where the worker can read it, and retry with --contract and its path.',
    retryable: false,
  },
  'contract.file-altered': {
    summary: 'The contract that the plan names is not the one that was reviewed: its hash differs.',
    remedy: 'Review the file as it is now, and retry with --contract; or put the reviewed one back.',
    retryable: false,
  },
  'contract.not-buildable': {
    summary: 'The migration contract is valid, but asks for something that a later stage can not build.',
    remedy: 'Take out or change the places that are named; contract/buildable.ts lists what each stage can not build.',
    retryable: false,
  },
});
