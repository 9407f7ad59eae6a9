import { defineErrors } from './catalogue.ts';

/** Errors of stage 5: the five phases in the application, and driving them. */
export const flagsErrors = defineErrors({
  'flags.key-unsupported': {
    summary: 'A key column has a type whose text depends on the session, so the outbox can not carry it.',
    remedy: 'Take a key of another type for this table in the contract.',
    retryable: false,
  },
  'flags.application-red': {
    summary: 'With the flags in it, the application does not build or lint.',
    remedy: 'Read the output; it is a defect of what was generated, so report it, or mend the branch and retry.',
    retryable: false,
  },
  'flags.control-failed': {
    summary: 'The control server of the application refused or failed a change of phase.',
    remedy: 'Read the reason; grant TRIGGER and CREATE to the application user of the database where triggers failed.',
    retryable: false,
  },
  'flags.phase-not-changed': {
    summary: 'The application could not be taken back to phase 1, so nothing that it works with was removed.',
    remedy: 'Read the reason; look at the control page of the application for instances that do not answer.',
    retryable: true,
  },
  'flags.phase-final': {
    summary: 'The application is in phase 5: MySQL has not seen the writes since, so there is no way back.',
    remedy: 'Go on with DynamoDB; or carry the data back by hand, remove the FLAGS item, and retry.',
    retryable: false,
  },
});
