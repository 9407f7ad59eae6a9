import { defineErrors } from './catalogue.ts';

export const dataErrors = defineErrors({});
