import { defineErrors } from './catalogue.ts';

/** Errors of stage 6: what keeps the tables from being deployed, or from being taken away again. */
export const infrastructureErrors = defineErrors({
  'infrastructure.production-refused': {
    summary: 'The target is AWS itself and the plan does not allow it.',
    remedy:
      'Set target.allowProduction to true when this account and region are meant, or give an emulator in target.endpoint.',
    retryable: false,
  },
  'infrastructure.foreign-resource': {
    summary: 'A stack or table of this name exists already and was not made by this migration.',
    remedy: 'Choose another target.prefix, or remove the resource that is named if nobody needs it.',
    retryable: false,
  },
  'infrastructure.template-too-large': {
    summary: 'The CloudFormation template is larger than CloudFormation takes.',
    remedy: 'Split the migration by tables into several migrations with prefixes of their own.',
    retryable: false,
  },
  'infrastructure.replacement-refused': {
    summary: 'The change would replace a table, which would lose its items.',
    remedy: 'Roll back to stage 2 and keep the keys of deployed tables, or remove the tables first.',
    retryable: false,
  },
  'infrastructure.deployment-failed': {
    summary: 'CloudFormation could not carry out the change.',
    remedy: 'Read the reason that CloudFormation gave, mend it (rights, quotas, names) and retry.',
    retryable: true,
  },
  'infrastructure.tables-not-empty': {
    summary: 'The tables that this migration made hold items, so they are not removed.',
    remedy: 'Roll back stage 7 first, or delete the items or the tables yourself if they are of no use, then retry.',
    retryable: false,
  },
});
