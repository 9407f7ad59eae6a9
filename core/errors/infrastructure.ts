import { defineErrors } from './catalogue.ts';

export const infrastructureErrors = defineErrors({});
